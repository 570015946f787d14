package org.linotpee.web;

import jakarta.servlet.http.Part;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.linotpee.configuration.LinotpException;

/** Files that people hand over to a page. */
public final class Uploads {
  private static final int MAX_NAME = 100;

  private Uploads() {}

  /**
   * The content of a file.
   *
   * @throws LinotpException -311 if there is none
   */
  public static byte[] bytes(Part file) {
    if (file == null || file.getSize() == 0) {
      throw LinotpException.unclassified("there is no file, or it is empty");
    }
    try (InputStream in = file.getInputStream()) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The content of a text file.
   *
   * @throws LinotpException -311 if there is none, or it is not UTF-8
   */
  public static String text(Part file) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes(file))).toString();
    } catch (CharacterCodingException e) {
      throw LinotpException.unclassified("the file is not UTF-8");
    }
  }

  /** What the browser calls the file, without a path. */
  public static String name(Part file) {
    String name = file.getSubmittedFileName();
    String bare = name == null ? "" : name.replaceAll("^.*[/\\\\]", "");
    return bare.length() > MAX_NAME ? bare.substring(0, MAX_NAME) : bare;
  }
}
