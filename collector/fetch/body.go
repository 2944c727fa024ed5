package fetch

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"

	"progress_exporter/collector/progress"
)

// MaxBody is the size of the largest answer that is read, in bytes; it holds for
// the bytes on the wire and again for what they decompress to.
const MaxBody = 4 << 20

var errTooLarge = errors.New("body too large")

// readBody returns the whole body of an answer, decompressed, as soon as the budget of
// ctx has a place for it. Its error is a
// *progress.Error, or comes from the connection as it is. A body that was not
// read to its end takes its connection with it when the caller closes it.
func readBody(ctx context.Context, resp *http.Response) ([]byte, error) {
	if err := refuseUpgrade(resp); err != nil {
		return nil, err
	}
	if resp.ContentLength > MaxBody {
		return nil, progress.Errorf(progress.TooLarge, "HTTP %d announces a body of %d bytes, the limit is %d; is this the right url?",
			resp.StatusCode, resp.ContentLength, MaxBody)
	}
	body, err := readBounded(ctx, resp.Body, resp.ContentLength)
	if errors.Is(err, errTooLarge) {
		return nil, progress.Errorf(progress.TooLarge, "HTTP %d with a body of more than %d bytes, which is the limit; is this the right url?",
			resp.StatusCode, MaxBody)
	}
	if err != nil || len(body) == 0 {
		return nil, err
	}
	return decompress(ctx, resp, body)
}

// refuseUpgrade returns an error if the server goes on in another protocol. There is
// no answer then, and reading the connection would only end with the time.
func refuseUpgrade(resp *http.Response) error {
	if resp.StatusCode != http.StatusSwitchingProtocols {
		return nil
	}
	return progress.Errorf(progress.Decode, "HTTP 101: the server switches to another protocol, which was not asked for; is this the right url?")
}

// decompress undoes the Content-Encoding. None was asked for, but some proxies
// compress with gzip regardless. The body is whole by now, so that an early end
// is the compressor's fault and not the connection's.
func decompress(ctx context.Context, resp *http.Response, body []byte) ([]byte, error) {
	encoding := strings.Join(resp.Header.Values("Content-Encoding"), ", ")
	switch strings.ToLower(encoding) {
	case "", "identity":
		return body, nil
	case "gzip", "x-gzip":
	default:
		e := progress.Errorf(progress.Decode, "HTTP %d, and the answer is compressed in a way that was not asked for; is there a proxy before the product?", resp.StatusCode)
		e.Said = "Content-Encoding: " + encoding
		return nil, e
	}
	zr, err := gzip.NewReader(bytes.NewReader(body))
	if err == nil {
		body, err = readBounded(ctx, zr, -1)
	}
	if errors.Is(err, errTooLarge) {
		return nil, progress.Errorf(progress.TooLarge, "HTTP %d with a compressed body of more than %d bytes, which is the limit; is this the right url?",
			resp.StatusCode, MaxBody)
	}
	if errors.Is(err, errCrowded) {
		return nil, err
	}
	if err != nil {
		return nil, progress.Errorf(progress.Decode, "HTTP %d, and the answer is not the gzip it claims to be: %w", resp.StatusCode, err)
	}
	resp.Header.Del("Content-Encoding")
	resp.Header.Del("Content-Length")
	return body, nil
}

// readBounded reads at most MaxBody bytes; length is how many there are, or -1.
func readBounded(ctx context.Context, r io.Reader, length int64) ([]byte, error) {
	r, done := measured(ctx, r)
	defer done()
	if length < 0 {
		return readPieces(ctx, io.LimitReader(r, MaxBody+1))
	}
	if err := grow(ctx, length); err != nil {
		return nil, err
	}
	body := make([]byte, length+1) // room for one more, so that the end is found
	n, err := io.ReadFull(r, body)
	switch {
	case int64(n) == length && (err == io.EOF || err == io.ErrUnexpectedEOF):
		return body[:n], nil
	case err == nil: // more than was announced
		err = io.ErrUnexpectedEOF
	}
	return nil, err
}

// The pieces in which a body of unknown size is read, in bytes.
const (
	firstPiece = 4 << 10 // holds most answers; each further piece is twice as large
	lastPiece  = 256 << 10
)

// readPieces reads at most MaxBody bytes. Its pieces are joined only when the end
// was found: a body that is refused costs no more than the limit, which io.ReadAll
// would copy and so double.
func readPieces(ctx context.Context, r io.Reader) ([]byte, error) {
	var full [][]byte
	piece := make([]byte, 0, firstPiece)
	for total := 0; ; {
		if len(piece) == cap(piece) {
			full = append(full, piece)
			next := min(2*cap(piece), lastPiece)
			if err := grow(ctx, int64(total+next)); err != nil {
				return nil, err
			}
			piece = make([]byte, 0, next)
		}
		n, err := r.Read(piece[len(piece):cap(piece)])
		piece = piece[:len(piece)+n]
		total += n
		switch {
		case total > MaxBody:
			return nil, errTooLarge
		case err == io.EOF && full == nil:
			return piece, nil
		case err == io.EOF:
			return bytes.Join(append(full, piece), nil), nil
		case err != nil:
			return nil, err
		}
	}
}
