package fetch

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"progress_exporter/collector/progress"
)

// tlsFault explains a failure of TLS that has a type; nil if err is none.
func (r route) tlsFault(err error) *progress.Error {
	var (
		record   tls.RecordHeaderError
		unknown  x509.UnknownAuthorityError
		hostname x509.HostnameError
		invalid  x509.CertificateInvalidError
		verify   *tls.CertificateVerificationError
	)
	switch {
	case errors.As(err, &record):
		if string(record.RecordHeader[:]) == "HTTP/" {
			return &progress.Error{Reason: progress.TLS, Message: overHTTP}
		}
		return &progress.Error{Reason: progress.TLS, Message: notTLS}
	case errors.As(err, &unknown):
		return r.unknownAuthority(unknown)
	case errors.As(err, &hostname):
		return wrongHost(hostname)
	case errors.As(err, &invalid):
		return invalidCertificate(invalid)
	case errors.As(err, &verify):
		return progress.Errorf(progress.TLS, "the certificate cannot be verified: %s", strconv.QuoteToGraphic(verify.Err.Error()))
	}
	// Alerts have no exported type; these operations are crypto/tls's alone.
	if alert := operation(err, "remote error"); alert != nil {
		return r.alertFault(alert.Err)
	}
	if alert := operation(err, "local error"); alert != nil {
		return progress.Errorf(progress.TLS, "TLS failed: %w", alert.Err)
	}
	return nil
}

// unknownAuthority explains that nobody we trust has signed a certificate. That an
// authority is known and its signature is too old to count is told only by the text.
func (r route) unknownAuthority(unknown x509.UnknownAuthorityError) *progress.Error {
	const intermediate = ", or have the product send the intermediate certificates that it may leave out"
	e := &progress.Error{Reason: progress.TLS, Err: unknown,
		Message: "the certificate is signed by an authority that this host does not know; put its certificate into ca_file of tls_config" + intermediate}
	if r.hasAuthority {
		e.Message = "the certificate is signed by an authority that is not in ca_file of tls_config, and no other counts then; put its certificate there" + intermediate
	}
	if text := unknown.Error(); strings.Contains(text, "insecure algorithm") {
		e.Message = "the certificate is signed with an algorithm that is no longer accepted, such as SHA-1 or MD5; renew it, or put the certificate itself into ca_file of tls_config"
	} else if strings.Contains(text, "-bit keys are insecure") {
		e.Message = "the certificate is signed with an RSA key of less than 1024 bits; renew it, or start the exporter with GODEBUG=rsa1024min=0"
	}
	return e
}

// wrongHost explains that a certificate is not for the host that was asked.
func wrongHost(hostname x509.HostnameError) *progress.Error {
	host := progress.Quote(hostname.Host)
	e := progress.Errorf(progress.TLS, "the certificate is not for %s%s; check the url, or set server_name of tls_config", host, namesOf(hostname.Certificate))
	if c := hostname.Certificate; c != nil && len(c.DNSNames)+len(c.IPAddresses)+len(c.EmailAddresses)+len(c.URIs) == 0 {
		e = progress.Errorf(progress.TLS, "the certificate has no subject alternative names, and the common name does not count; renew it with %s as such a name", host)
	}
	e.Err = hostname
	return e
}

// namesOf says which hosts a certificate is for, the first ones of many.
func namesOf(c *x509.Certificate) string {
	const most = 3
	if c == nil {
		return ""
	}
	var names []string
	for _, name := range c.DNSNames {
		names = append(names, progress.Quote(name))
	}
	for _, ip := range c.IPAddresses {
		names = append(names, ip.String())
	}
	switch {
	case len(names) == 0:
		return ""
	case len(names) > most:
		names = append(names[:most], fmt.Sprintf("%d more", len(names)-most))
	}
	return ", but for " + strings.Join(names, ", ")
}

func invalidCertificate(invalid x509.CertificateInvalidError) *progress.Error {
	e := progress.Errorf(progress.TLS, "the certificate is not valid: %s", strconv.QuoteToGraphic(invalid.Error()))
	if invalid.Reason == x509.Expired && invalid.Cert != nil {
		e = progress.Errorf(progress.TLS, "the certificate expired at %s; renew it, unless the clock of this host is wrong", invalid.Cert.NotAfter.UTC().Format(time.RFC3339))
		if begin := invalid.Cert.NotBefore; time.Now().Before(begin) {
			e = progress.Errorf(progress.TLS, "the certificate is valid from %s on; is the clock of this host right, or was that of its authority wrong?", begin.UTC().Format(time.RFC3339))
		}
	}
	e.Err = invalid
	return e
}
