// Package grafana reads a panel as a person does who looks at it in Grafana 12.2: from
// the panel's JSON and the answers of its queries it computes the texts, the colours
// and the order that are seen. It is for tests: a query that has data is not yet a
// panel that tells the truth.
//
//	queries' answers → frames → transformations → field options → Reading
//
// It follows Grafana's own source, packages/grafana-data/src (transformations, field,
// valueFormats), public/app/core/components/TimelineChart and the panels' plug-ins,
// and knows what the dashboards of this repository use:
//
//   - panels: table, stat, bargauge, state-timeline, timeseries;
//   - transformations: see transforms;
//   - matchers of overrides: byName, byRegexp, byType, byFrameRefID;
//   - mappings of values, ranges, regular expressions and special values; absolute
//     thresholds; the units of formatters; links with fields of the row.
//
// Whatever else it meets in a panel, an option of an override or a unit for example,
// is an error, never passed over: else a test would say of a panel what Grafana does
// not show.
//
// Here it stops, for beyond would be a second Grafana: it draws nothing, so it knows
// neither widths, cut texts, wrapped lines and pages, nor axes, legends and tooltips;
// it leaves the names of colours as they are and calls those of a palette "palette";
// it knows the light of no theme; it shows dates in UTC and in English.
package grafana
