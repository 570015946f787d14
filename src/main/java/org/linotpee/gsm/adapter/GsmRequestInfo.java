package org.linotpee.gsm.adapter;

import jakarta.resource.spi.ConnectionRequestInfo;
import org.linotpee.gsm.GsmDevice;

/** The device that an application asks for. */
record GsmRequestInfo(GsmDevice device) implements ConnectionRequestInfo {}
