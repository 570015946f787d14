/** Message centres of mobile networks, over SMPP 3.4 (spec 11 section 9). */
package org.linotpee.delivery.smpp;
