package collectortest

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"progress_exporter/collector"
	"progress_exporter/collector/plan"
	"progress_exporter/collector/progress"
)

// Exporter returns an exporter of one product with this text as its targets file, until the
// test ends.
func Exporter(t testing.TB, api progress.API, config string, o collector.Options) *collector.Exporter {
	t.Helper()
	file := filepath.Join(t.TempDir(), "targets.yml")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	products := []progress.API{api}
	loaded, err := plan.Load(file, products)
	if err != nil {
		t.Fatal(err)
	}
	e := collector.New(products, o)
	t.Cleanup(e.Close)
	e.Use(loaded)
	return e
}

// Heap returns how many bytes are kept, without what nobody needs any more.
func Heap() uint64 {
	for range 3 { // what is in pools goes with the second
		runtime.GC()
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
