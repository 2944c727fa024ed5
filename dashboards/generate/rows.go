package main

import (
	"fmt"

	"progress_exporter/collector/progress"
)

// row are the labels that tell one row of the overview from another: a job, or the
// migration that several processes share. The label name is what a person calls it, and
// the label variable which variable of the product's dashboard chooses it. The label id is
// job_id, but for the processes of a migration, which may be jobs of a list.
const row = "api, name, variable, id"

// member are the labels of a job and of the migration it is part of.
const member = identity + ", migration"

// inRows adds the labels of the row.
func inRows(expr string) string {
	return fmt.Sprintf(`label_replace(label_replace(label_replace(label_replace(label_replace(label_replace(%s, "variable", "target", "", ""), "name", "$1", "target", "(.*)"), "id", "$1", "job_id", "(.*)"), "variable", "migration", "migration", ".+"), "name", "$1", "migration", "(.+)"), "id", "", "migration", ".+")`, expr)
}

// perRow makes one series for each row and value of the labels, of one for each job.
func perRow(by, expr string, labels ...string) string {
	return aggregate(by, row, inRows(expr), labels)
}

// perMember keeps one series for each job, with its migration.
func perMember(expr string, labels ...string) string { return aggregate("max", member, expr, labels) }

// rows are the rows that there are. A target that lists jobs has those of its jobs, and
// one of its own while it cannot be read.
func (s scope) rows() string {
	up := s.of("progress_up")
	return perRow("max", fmt.Sprintf("(%[1]s == 0 or %[1]s unless on (%s) %s)", up, identity, s.of("progress_listed_jobs")))
}

// rowKind is the number of each row's kind: that of its most urgent process. A migration
// waits for its operator when none of its processes has anything else to do.
func (s scope) rowKind() string {
	sharded := scope{base: s.base + `,migration!=""`}
	ready := fmt.Sprintf("%s unless on (api, migration) (%s)", s.stateIs(progress.Ready),
		sharded.stateIs(progress.Pending, progress.Running, progress.Paused))
	return perRow("min", s.kinds(member, ready))
}

const (
	copiedBytes = "progress_estimated_copied_bytes"
	totalBytes  = "progress_estimated_total_bytes"
)

// copied is what all processes of each row have copied; absent while nothing is known of
// one of them, since the sum would be too small. A list that has jobs is none of them.
func (s scope) copied() string {
	whole := s.whole()
	parts := perMember(whole.recently(copiedBytes))
	processes := perMember(fmt.Sprintf("%s unless on (%s) %s > 0", whole.of("progress_up"), identity, whole.of("progress_listed_jobs")))
	return fmt.Sprintf("(%s and on (%s) count by (%[2]s) (%[3]s) == count by (%[2]s) (%[4]s))", perRow("sum", parts), row, inRows(parts), inRows(processes))
}

// toCopy is what each row has to copy; all of its processes say the same, but for the 1
// byte with which a process begins.
func (s scope) toCopy() string {
	return fmt.Sprintf("(%s > 1)", perRow("max", s.whole().recently(totalBytes)))
}

// ratio is how much of each row is done, 0 to 1: what its processes copied, added up, of
// what there is to copy, or what the product says.
func (s scope) ratio() string {
	return fmt.Sprintf("(clamp_max(%s / %s, 1)\n  or %s\n    unless on (%s) %s)\nand on (%[4]s) %[6]s",
		s.copied(), s.toCopy(), perRow("min", s.recently("progress_total_ratio")), row, perRow("max", s.whole().recently(copiedBytes)), s.rows())
}

// ends is when each row will be done.
func (s scope) ends(bound string) string { return perRow("max", s.expected(bound)) }

// remaining is how many seconds each row still needs.
func (s scope) remaining(bound string) string { return s.ends(bound) + " - time() > 0" }

// margin is how many seconds before its deadline each row will be done; negative if it
// will be late, or is.
func (s scope) margin() string {
	overdue := fmt.Sprintf("%s - time() < 0 and ignoring (state) %s", s.deadline(), s.goesOn())
	return perRow("min", fmt.Sprintf("(%s - %s or %s)", s.deadline(), s.expected(likely), overdue))
}

// why says in a word or two what is wrong with each row: why it cannot be read, or what
// the product reports of the job, of an instance or of a node. Of several the one that
// says most of the job.
func (s scope) why() string {
	reasons := fmt.Sprintf(`
    4 * label_join(%s, "why", " ", "reason", "error_code")
  or
    3 * label_replace(%s, "why", "$1", "error_code", "(.+)")
  or
    2 * label_join(%s, "why", " ", "operation_type", "fail_entity")
  or
    label_join(%s, "why", " ", "node_name", "error_code")
`, perMember(s.of("progress_scrape_failure"), "reason", "error_code"),
		perMember(s.of("progress_job_error")+" == 1", "error_code"),
		perMember(s.of("progress_mrs_failed_entity")+" == 1", "operation_type", "fail_entity"),
		perMember(s.of("progress_node_error")+" == 1", "node_name", "error_code"))
	trimmed := fmt.Sprintf(`label_replace(%s, "why", "$1", "why", " ?(.*?) ?")`, reasons) // one of two words may be missing
	return fmt.Sprintf("topk by (%s) (1, %s)", row, perRow("max", trimmed, "why"))
}
