package org.linotpee.delivery.mail;

import jakarta.mail.BodyPart;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.internet.ContentType;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.InternetHeaders;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.internet.MimePart;
import jakarta.mail.internet.MimeUtility;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A template that is a whole message (RFC 5322): headers, a blank line, and a body of one or many
 * parts (spec 11 section 12.2). Values are put into the parts of text after the template was taken
 * apart, so that no value can add a header or a part.
 */
final class MailTemplate {
  private static final String UTF_8 = "utf-8";
  private static final Set<String> ADDRESSES =
      Set.of("from", "to", "cc", "reply-to", "sender", "bcc");
  private static final Set<String> STRUCTURE =
      Set.of("content-type", "content-transfer-encoding", "content-disposition", "mime-version");

  private final List<Header> headers;
  private final String structure;
  private final String body;

  private record Header(String name, String value) {
    boolean isOne(Set<String> names) {
      return names.contains(name.toLowerCase(Locale.ROOT));
    }
  }

  private MailTemplate(List<Header> headers, String structure, String body) {
    this.headers = headers;
    this.structure = structure;
    this.body = body;
  }

  /**
   * Takes a template apart.
   *
   * @throws IllegalArgumentException if it has no headers and blank line
   */
  static MailTemplate parse(String text) {
    String lines = text.replace("\r\n", "\n").replace('\r', '\n').stripLeading();
    int end = lines.indexOf("\n\n");
    if (end < 0) {
      throw new IllegalArgumentException("the template has no blank line behind its headers");
    }
    var headers = new ArrayList<Header>();
    var structure = new StringBuilder();
    for (String line : lines.substring(0, end).replaceAll("\n[ \t]+", " ").split("\n")) {
      int colon = line.indexOf(':');
      if (colon <= 0 || !line.substring(0, colon).matches("[!-9;-~]+")) {
        throw new IllegalArgumentException("the template begins with a line that is no header");
      }
      var header = new Header(line.substring(0, colon), line.substring(colon + 1).strip());
      if (header.isOne(STRUCTURE)) {
        structure.append(header.name()).append(": ").append(header.value()).append("\r\n");
      } else {
        headers.add(header);
      }
    }
    return new MailTemplate(
        headers, structure.toString(), lines.substring(end + 2).replace("\n", "\r\n"));
  }

  /**
   * Fills a message.
   *
   * @param values replacements, {@code From}, {@code To}, {@code Subject} and {@code Date} included
   */
  void fill(MimeMessage message, Placeholders values) throws MessagingException, IOException {
    var source =
        new MimeBodyPart(
            new InternetHeaders(stream(structure + "\r\n")), body.getBytes(StandardCharsets.UTF_8));
    copy(source, message, values);
    for (Header header : headers) {
      String value = Placeholders.line(values.in(header.value()));
      if (header.isOne(ADDRESSES)) {
        message.setHeader(header.name(), addresses(value));
      } else {
        message.setHeader(
            header.name(),
            MimeUtility.fold(
                header.name().length() + 2, MimeUtility.encodeText(value, UTF_8, null)));
      }
    }
  }

  private static InputStream stream(String text) {
    return new java.io.ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String addresses(String value) throws MessagingException, IOException {
    InternetAddress[] addresses = InternetAddress.parseHeader(value, false);
    for (InternetAddress address : addresses) {
      if (address.getPersonal() != null) {
        address.setPersonal(address.getPersonal(), UTF_8);
      }
    }
    return InternetAddress.toString(addresses);
  }

  private static void copy(MimeBodyPart source, MimePart target, Placeholders values)
      throws MessagingException, IOException {
    if (source.isMimeType("multipart/*")) {
      var copy = new MimeMultipart(new ContentType(source.getContentType()).getSubType());
      Multipart parts = (Multipart) source.getContent();
      for (int i = 0; i < parts.getCount(); i++) {
        copy.addBodyPart(part(parts.getBodyPart(i), values));
      }
      target.setContent(copy);
    } else if (source.isMimeType("text/*") && !isAttachment(source)) {
      var type = new ContentType(source.getContentType());
      boolean html = type.getSubType().equalsIgnoreCase("html");
      String text =
          values.in(text(source, type), html ? Placeholders::html : UnaryOperator.identity());
      target.setText(
          text,
          StandardCharsets.US_ASCII.newEncoder().canEncode(text) ? "us-ascii" : UTF_8,
          type.getSubType());
      for (String name : new String[] {"Content-ID", "Content-Disposition"}) {
        String[] value = source.getHeader(name);
        if (value != null) {
          target.setHeader(name, value[0]);
        }
      }
    } else {
      target.setDataHandler(source.getDataHandler());
    }
  }

  private static BodyPart part(BodyPart source, Placeholders values)
      throws MessagingException, IOException {
    if (!(source instanceof MimeBodyPart part)
        || !(part.isMimeType("multipart/*") || part.isMimeType("text/*"))
        || isAttachment(part)) {
      return source;
    }
    var copy = new MimeBodyPart();
    copy(part, copy, values);
    return copy;
  }

  private static boolean isAttachment(Part part) throws MessagingException {
    return Part.ATTACHMENT.equalsIgnoreCase(part.getDisposition());
  }

  /** The template is UTF-8; only what is transfer-encoded can be in another character set. */
  private static String text(MimeBodyPart part, ContentType type)
      throws MessagingException, IOException {
    String encoding = part.getEncoding() == null ? "" : part.getEncoding();
    boolean encoded =
        encoding.equalsIgnoreCase("base64") || encoding.equalsIgnoreCase("quoted-printable");
    try (InputStream in = encoded ? part.getInputStream() : part.getRawInputStream()) {
      return new String(in.readAllBytes(), encoded ? charset(type) : StandardCharsets.UTF_8);
    }
  }

  private static Charset charset(ContentType type) {
    String name = type.getParameter("charset");
    try {
      return name == null ? StandardCharsets.UTF_8 : Charset.forName(MimeUtility.javaCharset(name));
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      return StandardCharsets.UTF_8;
    }
  }
}
