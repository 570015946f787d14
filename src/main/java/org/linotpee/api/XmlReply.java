package org.linotpee.api;

import jakarta.ws.rs.core.Response;
import org.linotpee.configuration.LinotpException;

/** The envelope of the endpoints that take files; their answers are XML (spec 03 section 8.2). */
final class XmlReply {
  private XmlReply() {}

  /**
   * A processed file.
   *
   * @param options more elements, as XML
   */
  static Response value(String value, String options) {
    return xml(
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <jsonrpc version="2.0">
            <result>
                <status>True</status>
                <value>%s</value>
            </result>
            <version>%s</version>
            <id>1</id>
        %s</jsonrpc>
        """
            .formatted(Answers.escaped(value), Reply.VERSION, options));
  }

  static Response failed(LinotpException failure, int code) {
    return xml(
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <jsonrpc version="2.0802">
            <result>
                <status>False</status>
                <error>
                    <code>%d</code>
                    <message>%s</message>
                </error>
            </result>
            <version>%s</version>
            <id>1</id>
        </jsonrpc>
        """
            .formatted(code, Answers.escaped(failure.clientMessage()), Reply.VERSION));
  }

  private static Response xml(String body) {
    return Response.ok(body, "text/xml; charset=utf-8").build();
  }
}
