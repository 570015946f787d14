/**
 * The connector as a Jakarta Connectors resource adapter: managed connections for sending,
 * activated endpoints for what the modem receives. It works inside an application server and, in
 * the non-managed mode of the specification, by itself.
 */
package org.linotpee.gsm.adapter;
