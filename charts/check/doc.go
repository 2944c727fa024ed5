// Package check tests the Helm chart, the manifests made from it and the mixin. It is
// a module of its own, because Helm, the types of Kubernetes and jsonnet are heavy:
// the exporter's go.mod knows nothing of them.
package check
