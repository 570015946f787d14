/**
 * Short messages as octets (3GPP TS 23.038 and 23.040; spec 11 section 11.6): alphabet, packing,
 * numbers, the message to be sent, the received message, the delivery report. Free of any framework
 * and of input and output.
 */
package org.linotpee.gsm.pdu;
