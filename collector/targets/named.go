package targets

import (
	"slices"
	"strings"

	"github.com/prometheus/common/config"
	"gopkg.in/yaml.v3"
)

// NamedFile is a file that a target names for its content to be used, and by which
// key it does.
type NamedFile struct {
	Key    string // options.token_file, http_client_config.authorization.credentials_file, …
	Path   string // absolute
	Secret bool   // whether it holds a credential; certificates do not
}

// OneLine reports whether the file has to hold a credential and nothing else; private
// keys have more lines.
func (f NamedFile) OneLine() bool {
	return f.Secret && !strings.HasSuffix(f.Key, ".key_file") && !strings.HasSuffix(f.Key, ".client_certificate_key_file")
}

// NamedFiles returns every file whose content the target can have sent or used: of
// its options, whatever ends in _file or _dir, and of its HTTP settings.
func (t *Target) NamedFiles() []NamedFile {
	var files []NamedFile
	add := func(key, path string, secret bool) {
		if path != "" {
			files = append(files, NamedFile{key, path, secret})
		}
	}
	optionFiles(t.options.node, "options", map[*yaml.Node]bool{}, func(key, path string) { add(key, config.JoinDir(t.options.dir, path), true) })
	h := &t.HTTP
	tls := func(key string, c *config.TLSConfig) {
		add(key+".ca_file", c.CAFile, false)
		add(key+".cert_file", c.CertFile, false)
		add(key+".key_file", c.KeyFile, true)
	}
	tls("http_client_config.tls_config", &h.TLSConfig)
	if a := h.Authorization; a != nil {
		add("http_client_config.authorization.credentials_file", a.CredentialsFile, true)
	}
	if b := h.BasicAuth; b != nil {
		add("http_client_config.basic_auth.username_file", b.UsernameFile, true)
		add("http_client_config.basic_auth.password_file", b.PasswordFile, true)
	}
	if o := h.OAuth2; o != nil {
		add("http_client_config.oauth2.client_secret_file", o.ClientSecretFile, true)
		add("http_client_config.oauth2.client_certificate_key_file", o.ClientCertificateKeyFile, true)
		tls("http_client_config.oauth2.tls_config", &o.TLSConfig)
	}
	if h.HTTPHeaders != nil {
		for name, header := range h.HTTPHeaders.Headers {
			for _, path := range header.Files {
				add("http_client_config.http_headers."+name+".files", path, true)
			}
		}
	}
	slices.SortFunc(files, func(a, b NamedFile) int { return strings.Compare(a.Key+a.Path, b.Key+b.Path) })
	return files
}

// optionFiles calls found for every file that options name, however deep, once:
// options were not decoded yet, so they may hold themselves, or the same a million
// times.
func optionFiles(n *yaml.Node, path string, seen map[*yaml.Node]bool, found func(key, path string)) {
	if n == nil {
		return
	}
	n = setting{node: n}.resolved()
	if seen[n] {
		return
	}
	seen[n] = true
	if n.Kind == yaml.SequenceNode {
		for _, item := range n.Content {
			optionFiles(item, path, seen, found)
		}
	}
	if n.Kind != yaml.MappingNode {
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := setting{node: n.Content[i]}.resolved().Value, setting{node: n.Content[i+1]}.resolved()
		switch {
		case n.Content[i].Tag == mergeTag:
			optionFiles(value, path, seen, found)
		case value.Kind == yaml.ScalarNode && (strings.HasSuffix(key, "_file") || strings.HasSuffix(key, "_dir")):
			if value.Value != "" {
				found(path+"."+key, value.Value)
			}
		default:
			optionFiles(value, path+"."+key, seen, found)
		}
	}
}
