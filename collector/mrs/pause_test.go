package mrs

import (
	"fmt"
	"testing"
	"time"

	"progress_exporter/collector/collectortest"

	"github.com/google/go-cmp/cmp"
)

// clock is one that a test sets.
type clock struct{ now time.Time }

func newClock() *clock { return &clock{time.Date(2026, 5, 12, 10, 30, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time { return c.now }

func TestPausesGrow(t *testing.T) {
	fake, clock := manager(), newClock()
	fake.Password = "another"
	source := openTarget(t, API(clock.Now), target(t, withCAS))
	for i, pause := range []time.Duration{1, 2, 4, 8, 16, 32, 60, 60} {
		want := fmt.Sprintf("auth refusals %d until %s", i+1, clock.now.Add(pause*time.Minute).Format("15:04:05"))
		for _, later := range []time.Duration{0, time.Second, pause*time.Minute - 2*time.Second} {
			clock.now = clock.now.Add(later)
			if got := read(t, source, collectortest.Served(fake)); got != want {
				t.Fatalf("%s, want %s", got, want)
			}
		}
		if fake.Logins() != i+1 {
			t.Fatalf("%d logins, want %d", fake.Logins(), i+1)
		}
		clock.now = clock.now.Add(time.Second)
	}
	fake.SetPassword(secret)
	if got := read(t, source, collectortest.Served(fake)); got != "succeeded refusals 0" {
		t.Errorf("after the password was set right: %s", got)
	}
	fake.SetPassword("another")
	fake.ExpireSessions()
	if got, want := read(t, source, collectortest.Served(fake)), "auth refusals 1 until "+clock.now.Add(time.Minute).Format("15:04:05"); got != want {
		t.Errorf("after a good login: %s, want %s", got, want)
	}
}

// The password is read again at every login. Another one is tried at once, the
// ones that were refused are not, whatever their order.
func TestPasswordChanges(t *testing.T) {
	fake, clock := manager(), newClock()
	tg, password := target(t, "{command_id: 214, login: {type: cas, username: ops, password_file: f}}"), ""
	tg.ReadFile = func(string) ([]byte, error) { return []byte(password), nil }
	source := openTarget(t, API(clock.Now), tg)
	var got []string
	for _, password = range []string{"first", "first", "second", "first", "second", secret, "unused"} {
		got = append(got, fmt.Sprint(read(t, source, collectortest.Served(fake)), " logins ", fake.Logins()))
	}
	fake.ExpireSessions() // within the pause that the second password brought
	password = secret
	got = append(got, fmt.Sprint(read(t, source, collectortest.Served(fake)), " logins ", fake.Logins()))
	fake.ExpireSessions()
	password = ""
	got = append(got, fmt.Sprint(read(t, source, collectortest.Served(fake)), " logins ", fake.Logins()))
	want := []string{
		"auth refusals 1 until 10:31:00 logins 1",
		"auth refusals 1 until 10:31:00 logins 1",
		"auth refusals 2 until 10:32:00 logins 2",
		"auth refusals 2 until 10:32:00 logins 2",
		"auth refusals 2 until 10:32:00 logins 2",
		"succeeded refusals 0 logins 3",
		"succeeded refusals 0 logins 3",
		"succeeded refusals 0 logins 4",
		"internal refusals 0 logins 4", // the file is empty
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("reads (-want +got):\n%s", diff)
	}
}
