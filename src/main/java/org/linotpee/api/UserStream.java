package org.linotpee.api;

import jakarta.inject.Inject;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.identity.ResolverDefinition;
import org.linotpee.identity.UserSearch;

/**
 * The streamed list of users (spec 01 section 7.2): one line for each, however many a directory
 * has. Pages are counted from 0; {@code queried} tells how many users were read.
 */
@Service
public class UserStream {
  private static final int DEFAULT_ROWS = 16;
  private static final int BAD_PAGE = 9876;

  private final UserSearch search;

  @Inject
  public UserStream(UserSearch search) {
    this.search = search;
  }

  /**
   * The answer.
   *
   * @param document what is shown of a user's attributes, among them the resolver
   * @throws LinotpException -311 if {@code rp} is no number
   */
  public Response answer(
      List<ResolverDefinition> resolvers,
      Map<String, String> conditions,
      Parameters parameters,
      Function<Map<String, String>, Object> document) {
    Optional<String> page = parameters.text("page");
    boolean paged = page.isPresent() || parameters.has("rp");
    int rows = paged ? rows(parameters) : Integer.MAX_VALUE;
    int number;
    try {
      number = page.map(text -> Integer.parseInt(text.trim())).orElse(0);
    } catch (NumberFormatException e) {
      return json(badPage(page.orElse("")));
    }
    long from = Math.max(0, number) * (long) rows;
    long to = paged ? from + rows : Long.MAX_VALUE;
    StreamingOutput body =
        out -> {
          var writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
          write(writer, resolvers, conditions, new Rows(writer, from, to, document), page);
        };
    return json(body);
  }

  private static int rows(Parameters parameters) {
    try {
      return Math.max(
          0, parameters.text("rp").map(t -> Integer.parseInt(t.trim())).orElse(DEFAULT_ROWS));
    } catch (NumberFormatException e) {
      throw LinotpException.unclassified("'rp' must be a number");
    }
  }

  private static Response json(Object body) {
    return Response.ok(body, "application/json").build();
  }

  private static String badPage(String page) {
    var error = new LinkedHashMap<String, Object>();
    error.put("code", BAD_PAGE);
    error.put("message", "ERR" + BAD_PAGE + ": the page must be a number, not '" + page + "'");
    var result = new LinkedHashMap<String, Object>();
    result.put("status", false);
    result.put("error", error);
    var document = new LinkedHashMap<String, Object>();
    document.put("jsonrpc", Reply.JSON_RPC);
    document.put("result", result);
    document.put("version", Reply.VERSION);
    document.put("id", 1);
    return Json.line(document);
  }

  private void write(
      Writer writer,
      List<ResolverDefinition> resolvers,
      Map<String, String> conditions,
      Rows rows,
      Optional<String> page)
      throws IOException {
    writer.write(
        "{\"jsonrpc\": \"" + Reply.JSON_RPC + "\", \"result\": {\"status\": true, \"value\":  [");
    try {
      search.find(resolvers, conditions, rows::next);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    writer.write("] , \"queried\" : " + rows.read);
    if (page.isPresent()) {
      writer.write(" , \"page\": " + Integer.parseInt(page.get().trim()));
    }
    writer.write("}, \"version\": \"" + Reply.VERSION + "\", \"id\": 1}");
    writer.flush();
  }

  /** Counts the users that were read and writes those of the page. */
  private static final class Rows {
    private final Writer writer;
    private final long from;
    private final long to;
    private final Function<Map<String, String>, Object> document;
    private long read;
    private boolean first = true;

    Rows(Writer writer, long from, long to, Function<Map<String, String>, Object> document) {
      this.writer = writer;
      this.from = from;
      this.to = to;
      this.document = document;
    }

    boolean next(Map<String, String> user) {
      if (read >= to) {
        return false;
      }
      if (read >= from) {
        try {
          writer.write((first ? "" : "\n,") + Json.line(document.apply(user)));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        first = false;
      }
      read++;
      return read < to;
    }
  }
}
