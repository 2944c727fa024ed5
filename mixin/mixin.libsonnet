// The rules and the dashboards as a monitoring mixin. They are the shipped files,
// nothing is written twice: change the files, not this one.
//
//   jsonnet -J . -e '(import "mixin/mixin.libsonnet").prometheusAlerts'
local rules = std.parseYaml(importstr '../dashboards/alerts/progress.rules.yml');

// The groups with only their rules of one kind, without those that have none.
local only(kind) = {
  groups: [
    group { rules: chosen }
    for group in rules.groups
    for chosen in [[rule for rule in group.rules if std.objectHas(rule, kind)]]
    if std.length(chosen) > 0
  ],
};

{
  prometheusAlerts+:: only('alert'),
  prometheusRules+:: only('record'),
  grafanaDashboards+:: {
    'progress-logpresso.json': import '../dashboards/logpresso.json',
    'progress-mongosync.json': import '../dashboards/mongosync.json',
    'progress-mrs.json': import '../dashboards/mrs.json',
    'progress-overview.json': import '../dashboards/overview.json',
    'progress-ses.json': import '../dashboards/ses.json',
  },
}
