// Package stack starts the real programs around progress_exporter for end-to-end
// tests: the exporter and the simulator, built from this checkout, and Prometheus
// and Alertmanager, which scripts/prometheus-tools finds or fetches, and products that
// can be had in earnest, which scripts/daemons finds or installs. Everything
// listens on a free loopback port and is stopped by its process id when the test
// ends, however it ends. Nothing here sleeps: it waits for what programs say.
package stack
