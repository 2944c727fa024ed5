package play

import (
	"fmt"
	"time"

	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb"
	"github.com/prometheus/prometheus/tsdb/chunks"
)

// memory is the head of Prometheus' own storage, without a log on the disk: what a
// play keeps is gone with it.
type memory struct{ *tsdb.Head }

// newMemory returns an empty storage that may write its full chunks below a directory.
func newMemory(dir string) (*memory, error) {
	opts := tsdb.DefaultHeadOptions()
	opts.ChunkDirRoot = dir
	opts.ChunkRange = (365 * 24 * time.Hour).Milliseconds() // nothing is ever cut off
	opts.ChunkWriteBufferSize = chunks.MinWriteBufferSize
	opts.StripeSize = 512
	opts.IsolationDisabled = true // nobody writes while somebody reads
	head, err := tsdb.NewHead(nil, nil, nil, nil, opts, nil)
	if err != nil {
		return nil, fmt.Errorf("storage: %w", err)
	}
	return &memory{head}, nil
}

// Querier returns what reads a stretch of time.
func (m *memory) Querier(mint, maxt int64) (storage.Querier, error) {
	return tsdb.NewBlockQuerier(tsdb.NewRangeHead(m.Head, mint, maxt), mint, maxt)
}
