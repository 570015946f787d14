/**
 * The dialogue with a modem (3GPP TS 27.005 and 27.007, ITU-T V.250; spec 11 section 11): line
 * discipline, initialisation, sending, result codes, recovery. A {@link
 * org.linotpee.gsm.at.ModemDevice} owns one serial port and works for one message at a time.
 */
package org.linotpee.gsm.at;
