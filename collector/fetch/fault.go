package fetch

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net"
	"slices"
	"strings"
	"syscall"

	"github.com/prometheus/common/config"

	"progress_exporter/collector/progress"
)

// route is what the configuration knows about the way to a server and an error of
// the transport does not say.
type route struct {
	tlsFiles       []string
	hasAuthority   bool // certificates of authorities of our own
	hasCertificate bool // a client certificate of our own
	proxied        bool
}

func newRoute(tls config.TLSConfig, proxy config.ProxyConfig) route {
	return route{
		tlsFiles:       []string{tls.CAFile, tls.CertFile, tls.KeyFile},
		hasAuthority:   tls.CAFile != "" || tls.CA != "",
		hasCertificate: tls.CertFile != "" || tls.Cert != "",
		proxied:        proxy.ProxyURL.URL != nil || proxy.ProxyFromEnvironment,
	}
}

// explain gives a failure its Reason and a message that says why and what to do;
// waiting is the message for a failure by lack of time.
//
// It quotes only texts that are known to be harmless. An error of net/http may
// hold a piece of the answer, and what a proxy says may hold anything. For the
// same reason only harmless errors become the cause.
func (r route) explain(ctx context.Context, waiting string, err error) *progress.Error {
	var (
		done     *progress.Error
		file     *fs.PathError
		encoding *encodingError
		dns      *net.DNSError
		timeout  net.Error
		errno    syscall.Errno
	)
	switch {
	case errors.As(err, &done):
		return done
	case errors.Is(err, errCrowded) && errors.Is(ctx.Err(), context.DeadlineExceeded):
		return crowded()
	case wasTooSlow(ctx):
		return tooSlow()
	// Once the context has ended, any other error is a consequence of it.
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return &progress.Error{Reason: progress.Timeout, Message: waiting, Err: context.DeadlineExceeded}
	case ctx.Err() != nil, errors.Is(err, context.Canceled):
		return progress.Errorf(progress.Internal, "the read was cancelled: %w", context.Canceled)
	case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
		errors.As(err, &errno)
		return noDescriptors(errno)
	case errors.As(err, &file):
		return r.fileFault(file.Path, file)
	case errors.As(err, &encoding):
		return r.fileFault(encoding.path, encoding)
	case errors.As(err, &dns):
		return dnsFault(dns)
	}
	if e := r.tlsFault(err); e != nil {
		return e
	}
	switch {
	case errors.As(err, &timeout) && timeout.Timeout():
		return &progress.Error{Reason: progress.Timeout, Message: waiting}
	case errors.As(err, &errno):
		return errnoFault(err, errno)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		if waiting == forBody {
			return progress.Errorf(progress.Connect, "the connection was closed in the middle of the answer: %w", io.ErrUnexpectedEOF)
		}
		return progress.Errorf(progress.Connect, "the connection was closed before the answer: %w; is the port right, and does the product restart?", io.EOF)
	}
	return r.textFault(err)
}

func (r route) fileFault(path string, err error) *progress.Error {
	if slices.Contains(r.tlsFiles, path) {
		return progress.Errorf(progress.TLS, "a file of tls_config cannot be read: %w", err)
	}
	return progress.Errorf(progress.Internal, "the product was not asked: a file with credentials cannot be read: %w", err)
}

func dnsFault(dns *net.DNSError) *progress.Error {
	switch {
	case dns.IsTimeout:
		return &progress.Error{Reason: progress.Timeout, Message: forDNS(dns.Name)}
	case strings.Contains(dns.Err, syscall.EMFILE.Error()): // it keeps the text alone
		return noDescriptors(syscall.EMFILE)
	}
	return progress.Errorf(progress.DNS, "the name %s does not resolve (%s); check the url, or proxy_url, and this host's DNS", progress.Quote(dns.Name), dns.Err)
}

// noDescriptors explains that nothing more can be opened, wherever it was noticed.
func noDescriptors(errno syscall.Errno) *progress.Error {
	whose := "this exporter"
	if errno == syscall.ENFILE {
		whose = "this host (sysctl fs.file-max)"
	}
	return progress.Errorf(progress.Internal, "%w; raise the limit of open files of %s", errno, whose)
}

func errnoFault(err error, errno syscall.Errno) *progress.Error {
	dial := operation(err, "dial")
	switch {
	case dial == nil || dial.Addr == nil:
		return progress.Errorf(progress.Connect, "the connection broke: %w%s", errno, brokenHint(errno))
	case operation(err, "proxyconnect") != nil:
		return progress.Errorf(progress.Connect, "no connection to the proxy at %s: %w; check proxy_url", dial.Addr, errno)
	}
	return progress.Errorf(progress.Connect, "no connection to %s: %w; %s", dial.Addr, errno, dialHint(errno))
}

// brokenHint is what to look at when a connection breaks.
func brokenHint(errno syscall.Errno) string {
	switch errno {
	case syscall.ECONNRESET, syscall.EPIPE, syscall.ECONNABORTED:
		return "; does the product restart, or does a proxy or a firewall close connections?"
	}
	return ""
}

// dialHint is what to look at when there is no connection.
func dialHint(errno syscall.Errno) string {
	switch errno {
	case syscall.EHOSTUNREACH, syscall.ENETUNREACH, syscall.EHOSTDOWN, syscall.ENETDOWN:
		return "is the host up, is there a route to it, and does a firewall let this host through?"
	case syscall.EACCES, syscall.EPERM:
		return "does a firewall or a policy of this host forbid it?"
	case syscall.EADDRNOTAVAIL:
		return "are the local ports of this host used up?"
	}
	return "is the product running, and is the port right?"
}

// operation returns the network operation of the given kind that failed, if any.
func operation(err error, kind string) *net.OpError {
	var op *net.OpError
	for errors.As(err, &op) {
		if op.Op == kind {
			return op
		}
		err = op.Err
	}
	return nil
}
