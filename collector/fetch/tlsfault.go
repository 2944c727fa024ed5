package fetch

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"strconv"
	"time"

	"progress_exporter/collector/progress"
)

// tlsFault explains a failure of TLS; nil if err is none.
func tlsFault(err error) *progress.Error {
	var (
		record   tls.RecordHeaderError
		unknown  x509.UnknownAuthorityError
		hostname x509.HostnameError
		invalid  x509.CertificateInvalidError
		verify   *tls.CertificateVerificationError
	)
	switch {
	case errors.As(err, &record):
		return &progress.Error{Reason: progress.TLS, Message: notTLS}
	case errors.As(err, &unknown):
		return &progress.Error{Reason: progress.TLS, Err: unknown,
			Message: "the certificate is signed by an authority that this host does not know; put its certificate into ca_file of tls_config"}
	case errors.As(err, &hostname):
		e := progress.Errorf(progress.TLS, "the certificate is not for %s; check the url, or set server_name of tls_config", progress.Quote(hostname.Host))
		e.Err = hostname
		return e
	case errors.As(err, &invalid):
		return invalidCertificate(invalid)
	case errors.As(err, &verify):
		return progress.Errorf(progress.TLS, "the certificate cannot be verified: %s", strconv.QuoteToGraphic(verify.Err.Error()))
	}
	// Alerts have no exported type; these operations are crypto/tls's alone.
	if alert := operation(err, "remote error"); alert != nil {
		return progress.Errorf(progress.TLS, "the product broke off TLS: %w; check cert_file and the TLS versions of tls_config", alert.Err)
	}
	if alert := operation(err, "local error"); alert != nil {
		return progress.Errorf(progress.TLS, "TLS failed: %w", alert.Err)
	}
	return nil
}

func invalidCertificate(invalid x509.CertificateInvalidError) *progress.Error {
	e := progress.Errorf(progress.TLS, "the certificate is not valid: %s", strconv.QuoteToGraphic(invalid.Error()))
	if invalid.Reason == x509.Expired && invalid.Cert != nil {
		e = progress.Errorf(progress.TLS, "the certificate expired at %s; renew it", invalid.Cert.NotAfter.UTC().Format(time.RFC3339))
		if begin := invalid.Cert.NotBefore; time.Now().Before(begin) {
			e = progress.Errorf(progress.TLS, "the certificate is valid from %s on; is the clock of this host right?", begin.UTC().Format(time.RFC3339))
		}
	}
	e.Err = invalid
	return e
}
