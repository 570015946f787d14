/**
 * Pages for people: what all of them share, that is the way of a request to a page, languages,
 * messages, tables and the refusal of what an administrator may not do. Offers that to its
 * sub-packages {@code manage} (the console) and {@code auth} (the test pages). Backing beans hold
 * the state of a view and call use cases; they have no rule in them.
 */
package org.linotpee.web;
