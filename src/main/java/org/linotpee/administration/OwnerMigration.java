package org.linotpee.administration;

import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.linotpee.audit.AuditRecord;
import org.linotpee.audit.AuditTrail;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Snapshots;
import org.linotpee.configuration.Transactions;
import org.linotpee.identity.DirectoryUsers;
import org.linotpee.identity.OwnerKey;
import org.linotpee.identity.Realms;
import org.linotpee.identity.Resolver;
import org.linotpee.identity.ResolverDefinition;
import org.linotpee.token.Token;

/** Hands tokens over from the users of one resolver to those of another (spec 05 section 6.6). */
@Service
public class OwnerMigration {
  private static final int BLOCK = 500;

  private final Snapshots snapshots;
  private final DirectoryUsers directory;
  private final Transactions transactions;
  private final AuditTrail auditTrail;

  @Inject
  public OwnerMigration(
      Snapshots snapshots,
      DirectoryUsers directory,
      Transactions transactions,
      AuditTrail auditTrail) {
    this.snapshots = snapshots;
    this.directory = directory;
    this.transactions = transactions;
    this.auditTrail = auditTrail;
  }

  /** How many tokens the source's users had, and the serials of those that were handed over. */
  public record Result(long tokens, List<String> migrated) {}

  /** The resolver of a name. */
  public ResolverDefinition resolver(String name) {
    return snapshots
        .current()
        .part(Realms.class)
        .resolver(name)
        .orElseThrow(() -> LinotpException.unclassified("there is no resolver '" + name + "'"));
  }

  /**
   * Gives each token of a user of the source to the user with the same login in the target; tokens
   * whose owner's login is unknown there stay.
   *
   * @throws LinotpException -311 if a user store cannot be asked; nothing changes then
   */
  public Result migrate(ResolverDefinition from, ResolverDefinition to, AuditRecord audit) {
    Map<String, String> newIds = newIds(from, to);
    return transactions.required(
        em -> {
          var serials = new ArrayList<String>();
          long tokens = 0;
          long last = 0;
          List<Token> block;
          do {
            block = block(em, from, last);
            for (Token token : block) {
              em.refresh(token, LockModeType.PESSIMISTIC_WRITE);
              String newId = token.owner().map(o -> newIds.get(o.userId())).orElse(null);
              if (newId != null) {
                token.assign(new OwnerKey(to.spec(), newId));
                serials.add(token.serial());
              }
              last = token.id();
            }
            tokens += block.size();
            em.flush();
          } while (block.size() == BLOCK);
          audit
              .success(true)
              .serial(String.join(",", serials))
              .actionDetail("migration from " + from.name() + " to " + to.name())
              .info(serials.size() + " tokens of " + tokens + " migrated");
          auditTrail.store(em, audit);
          return new Result(tokens, serials);
        });
  }

  private static List<Token> block(EntityManager em, ResolverDefinition from, long after) {
    return em.createQuery(
            "SELECT t FROM Token t WHERE t.ownerResolver = :spec AND t.id > :after ORDER BY t.id",
            Token.class)
        .setParameter("spec", from.spec())
        .setParameter("after", after)
        .setMaxResults(BLOCK)
        .getResultList();
  }

  /** The target's user id for each of the source's that owns a token. */
  private Map<String, String> newIds(ResolverDefinition from, ResolverDefinition to) {
    var owners =
        new HashSet<>(
            transactions.required(
                em ->
                    em.createQuery(
                            "SELECT DISTINCT t.ownerId FROM Token t WHERE t.ownerResolver = :spec",
                            String.class)
                        .setParameter("spec", from.spec())
                        .getResultList()));
    var newIds = new HashMap<String, String>();
    try {
      Resolver target = directory.open(to);
      directory
          .open(from)
          .byIds(owners)
          .forEach(
              (id, attributes) ->
                  target
                      .byLogin(attributes.getOrDefault("username", ""))
                      .ifPresent(user -> newIds.put(id, user.get("userid"))));
    } catch (Resolver.Unavailable e) {
      throw LinotpException.unclassified("a user store cannot be asked: " + e.getMessage());
    }
    return newIds;
  }
}
