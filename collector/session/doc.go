// Package session keeps what logins brought, for products that want one before they
// answer.
//
// A session belongs to a user of a product; all targets of the two share it, over scrapes
// and reloads. Nobody may get an account locked by it: one asker at a time logs in, and
// after a login in vain the same password is not sent again before a pause is over, which
// doubles from 1 minute to 1 hour. Every password that went out counts, whatever came
// back, because whoever took it may have counted it as wrong.
package session
