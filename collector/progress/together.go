package progress

import (
	"context"
	"sync"
	"time"
)

// together is how many questions of one read begin at a time.
const together = 8

// lastTurn is how long a question without a time of its own has before the next begins.
const lastTurn = time.Second

// PartKey is the key under which the context of a read may have a
// func(context.Context) (context.Context, func()). It returns the context of one of several
// questions, and what gives back the room that its answer has taken.
type PartKey struct{}

// Together asks a source's questions 0 to n-1, as ask does, about eight at a time, and
// returns when each is over. They have three quarters of the time of ctx: a read that
// waits for the slowest to the end would itself be late for who asked for it, and then
// nobody has the answers that are there. A question that gets no answer does not keep
// those behind it from being asked: the last one has half of the time.
//
// What ask keeps must not be what it was answered: the body of an answer is valid until
// ask returns.
func Together(ctx context.Context, n int, ask func(ctx context.Context, i int)) {
	turn := lastTurn
	if end, ok := ctx.Deadline(); ok {
		left := time.Until(end)
		turn = left / 4 / time.Duration(n/together+1)
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, left/4*3)
		defer cancel()
	}
	split, _ := ctx.Value(PartKey{}).(func(context.Context) (context.Context, func()))
	var all sync.WaitGroup
	var fault any
	var once sync.Once
	places := make(chan struct{}, together)
	for i := range n {
		places <- struct{}{}
		leave := sync.OnceFunc(func() { <-places })
		next := time.AfterFunc(turn, leave)
		all.Go(func() {
			defer func() {
				next.Stop()
				leave()
				if p := recover(); p != nil {
					once.Do(func() { fault = p })
				}
			}()
			part := ctx
			if split != nil {
				var done func()
				part, done = split(ctx)
				defer done()
			}
			ask(part, i)
		})
	}
	all.Wait()
	if fault != nil {
		panic(fault) // for whoever reads the source: here nobody would catch it
	}
}
