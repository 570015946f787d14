package org.linotpee.web;

import jakarta.faces.context.ExternalContext;
import jakarta.faces.context.FacesContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.List;

/**
 * A CSV file as download. Cells that a spreadsheet would take for a formula begin with an
 * apostrophe (spec 10 section 1).
 */
public final class Csv implements AutoCloseable {
  private static final String FORMULA = "=+-@\t\r";

  private final Writer out;

  private Csv(Writer out) {
    this.out = out;
  }

  /** Answers the request with a file; what is written goes there. */
  public static Csv download(String fileName) {
    FacesContext faces = FacesContext.getCurrentInstance();
    ExternalContext response = faces.getExternalContext();
    response.responseReset();
    response.setResponseContentType("text/csv; charset=utf-8");
    response.setResponseHeader(
        "Content-Disposition",
        "attachment; filename=\"" + fileName.replaceAll("[^A-Za-z0-9._-]", "_") + "\"");
    faces.responseComplete();
    try {
      return new Csv(response.getResponseOutputWriter());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes a line. */
  public void line(List<String> cells) {
    try {
      for (int i = 0; i < cells.size(); i++) {
        out.write((i == 0 ? "" : ",") + cell(cells.get(i)));
      }
      out.write("\r\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String cell(String text) {
    String safe = !text.isEmpty() && FORMULA.indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
    return '"' + safe.replace("\"", "\"\"") + '"';
  }

  @Override
  public void close() {
    try {
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
