/**
 * The management console (spec 10 section 2): one backing bean for each view, and a {@link
 * org.linotpee.web.ConsolePage} for each entry of the navigation. May call every use case; nobody
 * calls it.
 */
package org.linotpee.web.manage;
