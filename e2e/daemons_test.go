package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"progress_exporter/e2e/stack"
)

// watchDaemon starts the exporter with one target.
func watchDaemon(t *testing.T, target string) string {
	file := stack.WriteFile(t, "targets.yml", "defaults: {timeout: 5s, stall_after: 1s}\ntargets:\n  - "+target+"\n")
	return stack.StartExporter(t, stack.Build(t), file)
}

// TestRclone lets a real rclone copy a file over HTTP.
func TestRclone(t *testing.T) {
	stack.Wanted(t)
	t.Parallel()
	daemons := stack.FindDaemons(t)
	from := startSource(t)
	rclone := daemons.StartRclone(t)
	exporter := watchDaemon(t, fmt.Sprintf("{name: rclone, api: rclone, url: %q}", rclone))

	call := func(path string, body map[string]any) map[string]any {
		return stack.Call(t, rclone+path, nil, body)
	}
	begin := func() (watched, func() float64) {
		answer := call("/sync/copy", map[string]any{"srcFs": fmt.Sprintf(":http,url='%s':", from.URL), "dstFs": t.TempDir(), "_async": true})
		job := fmt.Sprint(answer["jobid"])
		return watched{exporter, "rclone", job}, func() float64 {
			return call("/core/stats", map[string]any{"group": "job/" + job})["bytes"].(float64)
		}
	}

	from.let(sourceSize / 2)
	call("/core/bwlimit", map[string]any{"rate": "256k"})
	job, done := begin()
	slow := job.between(t, copied, 0, done)
	job.between(t, copied, slow, done)

	call("/core/bwlimit", map[string]any{"rate": "off"})
	now := job.await(t, "running", has(stalled, 1))
	if now[copied] != done() || now[copied] > sourceSize/2 || now[total] != sourceSize {
		t.Errorf("standing still at %v of %v, rclone says %v", now[copied], now[total], done())
	}
	from.cut()
	job.await(t, "failed", has(`progress_job_error{error_code="error"}`, 1), has(ended, 1))

	from.let(sourceSize)
	job, done = begin()
	now = job.await(t, "succeeded", has(ended, 1), has(ratio, 1))
	if now[copied] != sourceSize || now[copied] != done() {
		t.Errorf("ended with %v bytes, want %v; rclone says %v", now[copied], sourceSize, done())
	}

	from.let(sourceSize / 4)
	job, _ = begin()
	id, err := strconv.Atoi(job.job)
	if err != nil {
		t.Fatal(err)
	}
	job.await(t, "running")
	call("/job/stop", map[string]any{"jobid": id})
	job.await(t, "cancelled")

	watched{exporter, "rclone", "4711"}.await(t, "none")
}

// TestAria2 lets a real aria2 download a file.
func TestAria2(t *testing.T) {
	stack.Wanted(t)
	t.Parallel()
	daemons := stack.FindDaemons(t)
	from := startSource(t)
	aria2 := daemons.StartAria2(t)
	exporter := watchDaemon(t, fmt.Sprintf("{name: aria2, api: aria2, url: %q, options: {secret: %s}}", aria2, stack.Aria2Secret))

	call := func(method string, params ...any) any {
		answer := stack.Call(t, aria2+"/jsonrpc", nil, map[string]any{
			"jsonrpc": "2.0", "id": "test", "method": "aria2." + method, "params": append([]any{"token:" + stack.Aria2Secret}, params...),
		})
		return answer["result"]
	}
	begin := func(name, limit string) (watched, func() float64) {
		gid := call("addUri", []string{from.URL + name}, map[string]string{"max-download-limit": limit}).(string)
		return watched{exporter, "aria2", gid}, func() float64 {
			status := call("tellStatus", gid, []string{"completedLength"}).(map[string]any)
			bytes, err := strconv.ParseFloat(status["completedLength"].(string), 64)
			if err != nil {
				t.Fatal(err)
			}
			return bytes
		}
	}

	from.let(sourceSize / 2)
	job, done := begin("fails.bin", "256K")
	slow := job.between(t, copied, 0, done)
	job.between(t, copied, slow, done)

	call("changeOption", job.job, map[string]string{"max-download-limit": "0"})
	now := job.await(t, "running", has(copied, sourceSize/2), has(stalled, 1))
	if now[copied] != done() || now[total] != sourceSize || now[ratio] != 0.5 {
		t.Errorf("standing still at %v of %v (%v), aria2 says %v", now[copied], now[total], now[ratio], done())
	}
	from.cut()
	now = job.await(t, "failed", has(ended, 1))
	code := call("tellStatus", job.job, []string{"errorCode"}).(map[string]any)["errorCode"]
	if series := fmt.Sprintf("progress_job_error{error_code=%q}", code); now[series] != 1 {
		t.Errorf("no %s in %v", series, now)
	}

	from.let(sourceSize / 4)
	job, _ = begin("ends.bin", "0")
	job.await(t, "running", has(copied, sourceSize/4))
	call("pause", job.job)
	job.await(t, "paused")
	call("unpause", job.job)
	from.let(sourceSize)
	now = job.await(t, "succeeded", has(ended, 1), has(ratio, 1))
	if now[copied] != sourceSize {
		t.Errorf("ended with %v bytes, want %v", now[copied], sourceSize)
	}

	from.let(sourceSize / 4)
	job, _ = begin("removed.bin", "0")
	job.await(t, "running")
	call("remove", job.job)
	job.await(t, "cancelled")
	call("purgeDownloadResult") // what has failed would be its exit status, too
	job.await(t, "none")
}

// TestSyncthing lets a real Syncthing receive a file of another one.
func TestSyncthing(t *testing.T) {
	stack.Wanted(t)
	t.Parallel()
	daemons := stack.FindDaemons(t)
	sender, receiver := daemons.StartSyncthing(t), daemons.StartSyncthing(t)
	exporter := watchDaemon(t, fmt.Sprintf("{name: syncthing, api: syncthing, url: %q, options: {folder: photos, api_key: %s}}", receiver.URL, receiver.Key))
	job := watched{exporter, "syncthing", ""}

	ask := func(s stack.Syncthing, method, path string, body any) map[string]any {
		return askSyncthing(t, s, method, path, body)
	}
	present := func() float64 {
		status := ask(receiver, http.MethodGet, "/rest/db/status?folder=photos", nil)
		return status["globalBytes"].(float64) - status["needBytes"].(float64)
	}
	share := func(s, with stack.Syncthing, folder string, kbps int) {
		ask(s, http.MethodPost, "/rest/config/devices", map[string]any{"deviceID": with.ID, "addresses": []string{with.Address}, "maxRecvKbps": kbps})
		ask(s, http.MethodPost, "/rest/config/folders", map[string]any{"id": "photos", "path": folder, "devices": []map[string]string{{"deviceID": with.ID}}})
	}
	sent, received := t.TempDir(), t.TempDir()
	film := make([]byte, sourceSize) // no two blocks alike: they would be sent once
	_, _ = rand.NewChaCha8([32]byte{}).Read(film)
	if err := os.WriteFile(filepath.Join(sent, "film.bin"), film, 0o600); err != nil {
		t.Fatal(err)
	}
	share(receiver, sender, received, 500)
	job.await(t, "none")
	share(sender, receiver, sent, 0)
	slow := job.between(t, copied, 0, present)
	job.between(t, copied, slow, present)

	ask(receiver, http.MethodPost, "/rest/system/pause?device="+sender.ID, nil)
	now := job.await(t, "running", has(stalled, 1))
	if now[copied] != present() || now[total] != sourceSize {
		t.Errorf("standing still at %v of %v, Syncthing says %v", now[copied], now[total], present())
	}
	ask(receiver, http.MethodPatch, "/rest/config/devices/"+sender.ID, map[string]any{"maxRecvKbps": 0})
	ask(receiver, http.MethodPost, "/rest/system/resume?device="+sender.ID, nil)
	job.await(t, "succeeded", has(copied, sourceSize), has(ratio, 1), has(ended, 1))

	ask(receiver, http.MethodPatch, "/rest/config/folders/photos", map[string]any{"paused": true})
	job.await(t, "paused")
	if err := os.Remove(filepath.Join(received, ".stfolder")); err != nil { // without it Syncthing takes the disk for missing
		t.Fatal(err)
	}
	ask(receiver, http.MethodPatch, "/rest/config/folders/photos", map[string]any{"paused": false})
	job.await(t, "failed", has(`progress_job_error{error_code="folder_error"}`, 1))
}

// askSyncthing sends a request to the API of a device.
func askSyncthing(t *testing.T, s stack.Syncthing, method, path string, body any) map[string]any {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequest(method, s.URL+path, bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return stack.Ask(t, req, http.Header{"X-Api-Key": {s.Key}})
}
