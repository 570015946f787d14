package org.linotpee.identity;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The lines of a passwd file (spec 05 section 8.2). */
final class PasswdFile {
  /** A user with the hash, which never leaves this package. */
  record Line(Map<String, String> attributes, String passwordHash) {
    @Override
    public String toString() {
      return attributes.toString();
    }
  }

  private static final Pattern EMAIL = Pattern.compile("[^@\\s]+@[^@\\s]+\\.[^@\\s]+");

  private final FileTime modified;
  private final long size;
  private final List<Line> lines;
  private final Map<String, Line> byLogin = new LinkedHashMap<>();
  private final Map<String, Line> byId = new LinkedHashMap<>();

  private PasswdFile(FileTime modified, long size, List<Line> lines) {
    this.modified = modified;
    this.size = size;
    this.lines = lines;
    for (Line line : lines) {
      byLogin.putIfAbsent(line.attributes().get("username"), line);
      byId.putIfAbsent(line.attributes().get("userid"), line);
    }
  }

  static PasswdFile read(Path path) throws IOException {
    FileTime modified = Files.getLastModifiedTime(path);
    byte[] bytes = Files.readAllBytes(path);
    var lines = new ArrayList<Line>();
    for (String text : decode(bytes).split("\\r?\\n")) {
      if (!text.isBlank() && !text.startsWith("#")) {
        Line line = line(text);
        if (line != null) {
          lines.add(line);
        }
      }
    }
    return new PasswdFile(modified, bytes.length, Collections.unmodifiableList(lines));
  }

  /** True if the file has changed since it was read. */
  boolean outdated(Path path) throws IOException {
    return !Files.getLastModifiedTime(path).equals(modified) || Files.size(path) != size;
  }

  List<Line> lines() {
    return lines;
  }

  Map<String, Line> byLogin() {
    return byLogin;
  }

  Map<String, Line> byId() {
    return byId;
  }

  private static String decode(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }
  }

  private static Line line(String text) {
    String[] fields = text.split(":", -1);
    if (fields.length < 3 || fields[0].isEmpty() || fields[2].isEmpty()) {
      return null;
    }
    String description = fields.length > 4 ? fields[4] : "";
    String[] parts = description.split(",", -1);
    String[] name = parts[0].split(" ", 2);
    var attributes = new LinkedHashMap<String, String>();
    attributes.put("username", fields[0]);
    attributes.put("userid", fields[2]);
    attributes.put("description", description);
    attributes.put("email", email(parts));
    attributes.put("givenname", name[0]);
    attributes.put("surname", name.length > 1 ? name[1] : "");
    attributes.put("phone", parts.length >= 4 ? parts[3] : "");
    attributes.put("mobile", parts.length >= 4 ? parts[2] : "");
    return new Line(Collections.unmodifiableMap(attributes), fields[1]);
  }

  private static String email(String[] parts) {
    for (int i = parts.length - 1; i >= 4; i--) {
      if (EMAIL.matcher(parts[i]).matches()) {
        return parts[i];
      }
    }
    return "";
  }
}
