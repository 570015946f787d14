package org.linotpee.identity;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** A user of a managed resolver, kept in our own database (spec 05 section 12). */
@Entity
@Table(name = "managed_user")
@IdClass(ManagedUser.Key.class)
public class ManagedUser {
  /** The stored hash of an account without a password; nothing verifies against it. */
  public static final String NO_PASSWORD = "*";

  /** The primary key. */
  public static class Key implements Serializable {
    private static final long serialVersionUID = 1L;
    private long resolverId;
    private String userId;

    public Key() {}

    public Key(long resolverId, String userId) {
      this.resolverId = resolverId;
      this.userId = userId;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Key key
          && key.resolverId == resolverId
          && Objects.equals(key.userId, userId);
    }

    @Override
    public int hashCode() {
      return Objects.hash(resolverId, userId);
    }
  }

  /**
   * What is known of the person; absent attributes are {@code ""}.
   *
   * @param passwordHash a hash that {@link org.linotpee.crypto.Passwords} knows, or {@link
   *     #NO_PASSWORD}
   */
  public record Profile(
      String username,
      String surname,
      String givenName,
      String email,
      String phone,
      String mobile,
      String passwordHash) {
    /** Names the account only: the hash is a secret. */
    @Override
    public String toString() {
      return username;
    }
  }

  @Id
  @Column(name = "resolver_id")
  private long resolverId;

  @Id
  @Column(name = "user_id")
  private String userId;

  private String username;
  private String surname;

  @Column(name = "given_name")
  private String givenName;

  private String email;
  private String phone;
  private String mobile;

  @Column(name = "password_hash")
  private String passwordHash;

  protected ManagedUser() {}

  public ManagedUser(long resolverId, String userId, Profile profile) {
    this.resolverId = resolverId;
    this.userId = userId;
    update(profile);
  }

  /** Replaces everything but the user id. */
  public final void update(Profile profile) {
    username = profile.username();
    surname = profile.surname();
    givenName = profile.givenName();
    email = profile.email();
    phone = profile.phone();
    mobile = profile.mobile();
    passwordHash = profile.passwordHash();
  }

  public Profile profile() {
    return new Profile(username, surname, givenName, email, phone, mobile, passwordHash);
  }

  public String userId() {
    return userId;
  }

  public String username() {
    return username;
  }

  public String passwordHash() {
    return passwordHash;
  }

  public void passwordHash(String hash) {
    passwordHash = hash;
  }

  /** The attributes as user lists show them, in the order of the specification. */
  public Map<String, String> attributes(String groupId) {
    var map = new LinkedHashMap<String, String>();
    map.put("groupid", groupId);
    map.put("userid", userId);
    map.put("username", username);
    map.put("phone", phone);
    map.put("mobile", mobile);
    map.put("email", email);
    map.put("surname", surname);
    map.put("givenname", givenName);
    return map;
  }
}
