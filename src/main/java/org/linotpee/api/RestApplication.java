package org.linotpee.api;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;

/** The REST interface, at the root of the server. */
@ApplicationPath("/")
public class RestApplication extends Application {}
