package dev.nestor.proxy.budget;

import dev.nestor.policy.Budget;
import dev.nestor.policy.Limit;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// What has been counted against limits that outlive a statement: by session, by credential, and by
/// subject and day. Counts in memory; [#changed] gives what somebody should keep, and [#restore]
/// takes it back. Thread-safe.
public final class BudgetLedger {
  /// Accounts of credentials beyond this many are forgotten with the day.
  private static final int ACCOUNTS_MAX = 200_000;

  /// Whose account it is.
  private record Owner(String rule, Limit.Per per, String name, long day) {}

  private final ConcurrentMap<Owner, Account> accounts = new ConcurrentHashMap<>();
  private final LongSupplier epochDay;
  private volatile long today;

  /// @param epochDay the day in UTC, counted from 1970-01-01
  public BudgetLedger(LongSupplier epochDay) {
    this.epochDay = epochDay;
    this.today = epochDay.getAsLong();
  }

  /// What was counted by credential, or by subject and day.
  ///
  /// @param rule its id
  /// @param name of the credential or the subject
  /// @param day empty for what is counted by credential
  public record Count(String rule, String name, OptionalLong day, long rows, long bytes) {}

  /// What has changed since the last call, of what outlives sessions. One caller at a time.
  public List<Count> changed() {
    List<Count> counts = new ArrayList<>();
    accounts.forEach((owner, account) -> {
      boolean lasting = owner.per() == Limit.Per.CREDENTIAL || owner.per() == Limit.Per.DAY;
      if (lasting && account.takeChanged()) {
        counts.add(
            new Count(
                owner.rule(),
                owner.name(),
                owner.per() == Limit.Per.DAY ? OptionalLong.of(owner.day()) : OptionalLong.empty(),
                account.rows(),
                account.bytes()));
      }
    });
    return counts;
  }

  /// Goes on from what was counted before; before the first session.
  public void restore(Count count) {
    Owner owner =
        new Owner(
            count.rule(),
            count.day().isPresent() ? Limit.Per.DAY : Limit.Per.CREDENTIAL,
            count.name(),
            count.day().orElse(Long.MIN_VALUE));
    Account account = accounts.computeIfAbsent(owner, _ -> new Account());
    account.rows.set(count.rows());
    account.bytes.set(count.bytes());
  }

  /// What was counted together.
  static final class Account {
    private final AtomicLong rows = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private volatile boolean changed;

    /// Whether something was counted since the last call. What is counted meanwhile is told next
    /// time.
    boolean takeChanged() {
      boolean was = changed;
      changed = false;
      return was;
    }

    long rows() {
      return rows.get();
    }

    long bytes() {
      return bytes.get();
    }

    void add(int length) {
      rows.incrementAndGet();
      bytes.addAndGet(length);
      changed = true;
    }

    void takeBack(int length) {
      rows.decrementAndGet();
      bytes.addAndGet(-length);
      changed = true;
    }
  }

  /// The accounts of one caller in one session.
  public Session session(String session, String credential, String subject) {
    return new Session(session, credential, subject);
  }

  /// The accounts of one caller in one session. Belongs to its event loop.
  public final class Session {
    private final String session;
    private final String credential;
    private final String subject;

    private Session(String session, String credential, String subject) {
      this.session = session;
      this.credential = credential;
      this.subject = subject;
    }

    /// Begins to count an execution.
    ///
    /// @return null where nothing limits it
    public @Nullable BudgetMeter meter(List<Budget> budgets) {
      if (budgets.isEmpty()) {
        return null;
      }
      List<BudgetMeter.Line> lines = new ArrayList<>(budgets.size());
      for (Budget budget : budgets) {
        lines.add(new BudgetMeter.Line(budget, account(budget)));
      }
      return new BudgetMeter(lines);
    }

    private Account account(Budget budget) {
      Limit.Per per = budget.limit().per();
      String name =
          switch (per) {
            case STATEMENT -> "";
            case SESSION -> session;
            case CREDENTIAL -> credential;
            case DAY -> subject;
          };
      if (per == Limit.Per.STATEMENT) {
        return new Account();
      }
      long day = day();
      Owner owner =
          new Owner(budget.rule().id(), per, name, per == Limit.Per.DAY ? day : Long.MIN_VALUE);
      return accounts.computeIfAbsent(owner, _ -> new Account());
    }

    /// Forgets what was counted by session only.
    public void end() {
      accounts
          .keySet()
          .removeIf(owner -> owner.per() == Limit.Per.SESSION && owner.name().equals(session));
    }
  }

  private long day() {
    long day = epochDay.getAsLong();
    if (day != today) {
      today = day;
      boolean many = accounts.size() > ACCOUNTS_MAX;
      accounts
          .keySet()
          .removeIf(owner ->
              switch (owner.per()) {
                case DAY -> owner.day() < day;
                case CREDENTIAL -> many;
                case SESSION, STATEMENT -> false;
              });
    }
    return day;
  }
}
