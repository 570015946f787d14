package org.linotpee.web;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.faces.annotation.FacesConfig;

/** Turns the integration of Faces with CDI on. */
@FacesConfig
@ApplicationScoped
public class FacesConfiguration {}
