// Package logging makes the one logger of a program and the slog.Logger over it
// that libraries want, so that both write the same lines at the same level.
package logging

import (
	"io"
	"log/slog"
	"time"

	"github.com/alecthomas/kingpin/v2"
	"github.com/go-kit/log"
	"github.com/go-kit/log/level"
	sloggokit "github.com/tjhop/slog-gokit"
)

// Config is the choice of a person at the command line.
type Config struct{ level, format string }

// AddFlags adds --log.level and --log.format and returns what will be chosen.
func AddFlags(app *kingpin.Application) *Config {
	c := &Config{}
	app.Flag("log.level", "Only log messages with the given severity or above. One of: debug, info, warn, error.").
		Default("info").EnumVar(&c.level, "debug", "info", "warn", "error")
	app.Flag("log.format", "Output format of log messages. One of: logfmt, json.").
		Default("logfmt").EnumVar(&c.format, "logfmt", "json")
	return c
}

// New returns the logger that writes to w and the slog.Logger that writes through
// it.
func (c *Config) New(w io.Writer) (log.Logger, *slog.Logger) {
	base := log.NewLogfmtLogger
	if c.format == "json" {
		base = log.NewJSONLogger
	}
	filtered := level.NewFilter(base(log.NewSyncWriter(w)), level.Allow(level.ParseDefault(c.level, level.InfoValue())))
	// The bridge adds a caller and a time of its own: it gets the bare logger.
	var slogLevel slog.Level
	_ = slogLevel.UnmarshalText([]byte(c.level)) // the flag lets only words in that slog knows
	bridge := slog.New(sloggokit.NewGoKitHandler(log.LoggerFunc(renameTime(filtered)), slogLevel))
	return log.With(filtered, "ts", log.DefaultTimestampUTC, "caller", log.DefaultCaller), bridge
}

// renameTime makes lines that came through slog carry their time as ours do.
func renameTime(next log.Logger) func(...any) error {
	return func(pairs ...any) error {
		for i := 0; i+1 < len(pairs); i += 2 {
			if at, ok := pairs[i+1].(time.Time); ok && pairs[i] == slog.TimeKey {
				pairs[i], pairs[i+1] = "ts", at.UTC().Format(time.RFC3339Nano)
			}
		}
		return next.Log(pairs...)
	}
}
