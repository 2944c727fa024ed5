package exposition

import (
	"bufio"
	"io"
	"iter"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/go-kit/log"
	"github.com/go-kit/log/level"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"

	"progress_exporter/collector/series"
)

// smallAnswer is the size in bytes up to which an answer is not compressed, whatever
// the client accepts. The probe of a mongosync with all fields has 14 kB: compressing
// it costs as much as the rest of the probe, and saves a dozen packets.
const smallAnswer = 32 << 10

// gzipLevel makes the text of series as small as compress/gzip's default does, in a sixth of
// its time: names and labels repeat at once, or not at all.
const gzipLevel = 2

// Answers write series in the format that a client asks for, as promhttp does. What
// promhttp makes anew for each answer, or keeps where the garbage collector soon
// takes it away, is kept here: a compressor weighs as much as the series of a hundred
// targets.
type Answers struct {
	logger  log.Logger
	formats []expfmt.Format
	buffers sync.Pool // *answer
	gzips   sync.Pool // *gzip.Writer
	zstds   sync.Pool // *zstd.Encoder
}

// NewAnswers returns answers in every format that Prometheus may ask for. The logger hears
// of families that could not be gathered or written.
func NewAnswers(logger log.Logger) *Answers {
	return &Answers{logger: logger, formats: expfmt.DefaultOpenMetricsAcceptedFormats()}
}

// Refuse says that there is nothing to answer with.
func (k *Answers) Refuse(w http.ResponseWriter, err error) {
	k.log("cannot gather the series of a scrape", err)
	http.Error(w, "An error has occurred while serving metrics:\n\n"+err.Error(), http.StatusInternalServerError)
}

// Send answers with the families of targets and with others, each sorted by name. One that
// cannot be encoded makes the answer HTTP 500 as long as nothing was sent, and else ends
// the connection: a client must not take the beginning of an answer for all of it.
func (k *Answers) Send(w http.ResponseWriter, r *http.Request, own iter.Seq[*series.Family], others []*dto.MetricFamily) {
	a := k.take(w, coding(r.Header))
	a.negotiate(r.Header)
	h := w.Header()
	h["Vary"] = append(h["Vary"], "Accept", "Accept-Encoding")
	h.Set("Content-Type", string(a.format))
	err := a.encode(own, others, wanted(r))
	if err == nil {
		err = a.finish()
	}
	sent, gone := a.sent, a.gone
	k.give(a)
	if err == nil {
		return
	}
	if gone { // or does not read; either may happen as often as anybody wants
		_ = level.Debug(k.logger).Log("msg", "a client did not take its answer", "err", err)
	} else {
		k.log("cannot answer a scrape", err)
	}
	if sent {
		panic(http.ErrAbortHandler)
	}
	http.Error(w, "An error has occurred while serving metrics:\n\n"+err.Error(), http.StatusInternalServerError)
}

func (k *Answers) log(msg string, err error) { _ = level.Warn(k.logger).Log("msg", msg, "err", err) }

// wanted returns whether a request asks for a family: for those that it names by ?name[]=,
// as promhttp offers it; for all if it names none.
func wanted(r *http.Request) func(name string) bool {
	if strings.Contains(r.URL.RawQuery, "name") { // as in nearly no request
		if names := r.URL.Query()["name[]"]; len(names) > 0 {
			return func(name string) bool { return slices.Contains(names, name) }
		}
	}
	return func(string) bool { return true }
}

// answer is one that is being written. What is written to it goes to a buffer; the
// first time that the buffer is full the answer turns out to be a big one.
type answer struct {
	kept *Answers
	text *bufio.Writer // its buffer is smallAnswer, and what overflows comes to Write

	// A scraper always accepts the same.
	accept  string
	format  expfmt.Format
	encoder encoder // into text

	// Of the answer under way.
	w      http.ResponseWriter
	coding string
	packer packer // nil as long as nothing is compressed
	whole  bool   // what comes to Write is all there is
	sent   bool
	gone   bool // the client took no more
}

// packer compresses a big answer.
type packer interface {
	io.WriteCloser
	Reset(io.Writer)
}

// negotiate finds the format, unless the last client accepted the same.
func (a *answer) negotiate(h http.Header) {
	if accept := h.Get("Accept"); a.encoder == nil || a.accept != accept {
		a.accept, a.format = accept, expfmt.NegotiateAccept(h, a.kept.formats...)
		a.encoder = newEncoder(a.text, a.format)
	}
}

// encode writes the wanted families into the buffer by name, and from there to the client
// if they are many.
func (a *answer) encode(own iter.Seq[*series.Family], others []*dto.MetricFamily, wanted func(string) bool) error {
	for f := range own {
		n := 0
		for n < len(others) && others[n].GetName() < f.Name {
			n++
		}
		if err := a.encodeOthers(others[:n], wanted); err != nil {
			return err
		}
		others = others[n:]
		if wanted(f.Name) {
			if err := a.encoder.own(f); err != nil {
				return err
			}
		}
	}
	if err := a.encodeOthers(others, wanted); err != nil {
		return err
	}
	return a.encoder.Close()
}

func (a *answer) encodeOthers(others []*dto.MetricFamily, wanted func(string) bool) error {
	for _, f := range others {
		if wanted(f.GetName()) {
			if err := a.encoder.Encode(f); err != nil {
				return err
			}
		}
	}
	return nil
}

// finish sends what is left.
func (a *answer) finish() error {
	a.whole = !a.sent
	if err := a.text.Flush(); err != nil || a.packer == nil {
		return err
	}
	err := a.packer.Close()
	a.gone = err != nil
	return err
}

// Write sends a part of the answer. It is the buffer's other end.
func (a *answer) Write(p []byte) (int, error) {
	if !a.sent {
		a.sent = true
		if a.whole {
			a.w.Header().Set("Content-Length", strconv.Itoa(len(p)))
		} else if a.packer = a.kept.packer(a.coding); a.packer != nil {
			a.w.Header().Set("Content-Encoding", a.coding)
			a.packer.Reset(a.w)
		}
	}
	var w io.Writer = a.w
	if a.packer != nil {
		w = a.packer
	}
	n, err := w.Write(p)
	a.gone = a.gone || err != nil
	return n, err
}

// take returns an empty answer.
func (k *Answers) take(w http.ResponseWriter, coding string) *answer {
	a, ok := k.buffers.Get().(*answer)
	if !ok {
		a = &answer{kept: k, text: bufio.NewWriterSize(nil, smallAnswer)}
	}
	a.w, a.coding = w, coding
	a.text.Reset(a)
	return a
}

// give keeps an answer that is over, and what it was compressed with.
func (k *Answers) give(a *answer) {
	if a.packer != nil {
		a.packer.Reset(nil) // lets go of the client, and waits for what is under way
		k.pool(a.coding).Put(a.packer)
	}
	a.w, a.coding, a.packer, a.whole, a.sent, a.gone = nil, "", nil, false, false, false
	k.buffers.Put(a)
}

// packer returns a compressor, or nil if nothing is to be compressed.
func (k *Answers) packer(coding string) packer {
	if coding == identity {
		return nil
	}
	if p, ok := k.pool(coding).Get().(packer); ok {
		return p
	}
	if coding == "gzip" {
		g, err := gzip.NewWriterLevel(nil, gzipLevel)
		if err != nil {
			panic(err) // there is such a level
		}
		return g
	}
	// By itself it would look back over 4 MiB, with tables for them and a goroutine for each core.
	z, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithWindowSize(512<<10), zstd.WithEncoderConcurrency(1))
	if err != nil {
		panic(err) // these options are good
	}
	return z
}

func (k *Answers) pool(coding string) *sync.Pool {
	if coding == "gzip" {
		return &k.gzips
	}
	return &k.zstds
}
