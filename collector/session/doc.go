// Package session keeps what logins brought, for products that want one before they
// answer.
//
// A session belongs to a user of a product; all targets of the two share it, over
// scrapes and reloads. It has to avoid that the product locks the account: one login at
// a time, and after a failed one the same password is not sent again before a pause is
// over, which doubles from 1 minute to 1 hour. Every password that was sent counts as a
// try, whatever came back, because the product may have counted it as wrong.
package session
