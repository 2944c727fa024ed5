package main

import "github.com/alecthomas/kingpin/v2"

// usageTemplate is kingpin's own text and after it what a manual page has as well:
// the long help of a command, or the exit codes of all of them.
var usageTemplate = kingpin.DefaultUsageTemplate + `
{{if .Context.SelectedCommand}}{{.Context.SelectedCommand.HelpLong}}{{else}}` + appHelp + `{{end}}`

const appHelp = `Run progressctl COMMAND --help for what a command does, with examples.

EXIT CODES
    0  what was asked for is so
    1  the job failed, was cancelled, or vanished; try, test: the description is wrong
    2  the command line or the configuration is wrong
    3  wait: timed out
    4  wait: the job has stalled
    5  the product could not be read
    6  start-install: the app is installed already
    7  start-install: the app cannot be installed
    8  start-install: the product answered with an error
    9  standard output could not be written
  130  interrupted, by Ctrl-C or SIGTERM

ENVIRONMENT
  NO_COLOR  if it is not empty, nothing is coloured

SHELL COMPLETION
  bash:  eval "$(progressctl --completion-script-bash)"
  zsh:   eval "$(progressctl --completion-script-zsh)"
`
