package dev.nestor.review.app;

import dev.nestor.evidence.archive.DecisionKind;
import dev.nestor.evidence.archive.EvidenceArchive;
import dev.nestor.evidence.archive.SessionCard;
import dev.nestor.evidence.archive.SessionReplay;
import dev.nestor.evidence.finding.StatementRef;
import dev.nestor.evidence.integrity.IntegrityReport;
import dev.nestor.evidence.integrity.IntegrityState;
import dev.nestor.evidence.survey.KeptSurveys;
import dev.nestor.evidence.survey.Survey;
import dev.nestor.review.campaign.CampaignViewModel;
import dev.nestor.review.credential.CredentialsViewModel;
import dev.nestor.review.credential.Dismissals;
import dev.nestor.review.library.LibraryEntry;
import dev.nestor.review.library.LibraryViewModel;
import dev.nestor.review.lineage.LineageViewModel;
import dev.nestor.review.replay.ReplayViewModel;
import dev.nestor.review.replay.Ticker;
import dev.nestor.review.search.SearchViewModel;
import dev.nestor.review.survey.SurveyViewModel;
import dev.nestor.review.ui.Theme;
import dev.nestor.review.ui.TimeText;
import dev.nestor.review.ui.Words;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleObjectProperty;

/// The window's state: which place is shown, what is open in it, how time is written, what the
/// status line says. Composes the features, which do not know each other.
public final class Workbench {
  private static final long SURVEYED_AHEAD_FRAMES = 200_000;

  /// What the middle of the window shows.
  public sealed interface Page {
    /// The list of archives.
    record Library() implements Page {}

    /// What is wrong with one archive.
    record Integrity(LibraryEntry entry) implements Page {}

    /// A session that is being read.
    record Loading(LibraryEntry entry, String what) implements Page {}

    /// A session.
    record Replay(LibraryEntry entry, ReplayViewModel replay) implements Page {}

    /// No session is open.
    record NoReplay(String why) implements Page {}

    /// Questions about statements.
    record Search() implements Page {}

    /// Who acted for whom.
    record Lineage() implements Page {}

    /// An access review.
    record Reviews() implements Page {}

    /// Credentials and findings.
    record Credentials() implements Page {}
  }

  /// States of an archive that are explained before it is replayed.
  private static final Set<IntegrityState> UNREADABLE =
      EnumSet.of(IntegrityState.DAMAGED, IntegrityState.LOCKED, IntegrityState.NEWER_FORMAT);

  private static final Set<IntegrityState> EXPLAINED =
      EnumSet.of(
          IntegrityState.DAMAGED,
          IntegrityState.LOCKED,
          IntegrityState.NEWER_FORMAT,
          IntegrityState.UNSIGNED,
          IntegrityState.UNKNOWN_SIGNER);

  private final History<Page> history = new History<>();
  private final LibraryViewModel library;
  private final SurveyViewModel survey;
  private final SearchViewModel search;
  private final CampaignViewModel campaign;
  private final CredentialsViewModel credentials;
  private final LineageViewModel lineage = new LineageViewModel();
  private String lineageWanted = "";
  private final Preferences preferences;
  private final Executor background;
  private final Executor fxThread;
  private final Ticker ticker;
  private final Indexing indexing;
  private final ReadOnlyObjectWrapper<Page> page =
      new ReadOnlyObjectWrapper<>(this, "page", new Page.Library());
  private final ObjectProperty<Theme> theme = new SimpleObjectProperty<>(this, "theme");
  private final ObjectProperty<TimeText> times =
      new SimpleObjectProperty<>(this, "times", TimeText.UTC);
  private final ObjectProperty<Optional<EvidenceExport.Packing>> packing =
      new SimpleObjectProperty<>(this, "packing", Optional.empty());
  private final ReadOnlyStringWrapper status = new ReadOnlyStringWrapper(this, "status", "");
  private Page replayPage =
      new Page.NoReplay("No session is open. Choose an archive in the library and press Enter.");
  private final AtomicLong asked = new AtomicLong();

  /// @param background reads archives
  /// @param fxThread runs tasks on the JavaFX application thread
  public Workbench(
      LibraryViewModel library,
      Preferences preferences,
      Executor background,
      Executor fxThread,
      Ticker ticker) {
    this(library, preferences, background, background, fxThread, ticker);
  }

  /// @param background reads what somebody waits for
  /// @param patient reads what takes its time; may be slow
  /// @param fxThread runs tasks on the JavaFX application thread
  public Workbench(
      LibraryViewModel library,
      Preferences preferences,
      Executor background,
      Executor patient,
      Executor fxThread,
      Ticker ticker) {
    this.library = library;
    this.preferences = preferences;
    this.background = background;
    this.fxThread = fxThread;
    this.ticker = ticker;
    survey =
        new SurveyViewModel(
            library.catalogue().map(KeptSurveys::new), background, patient, fxThread);
    indexing = new Indexing(patient, fxThread, this::say);
    search = new SearchViewModel(background, fxThread);
    campaign =
        new CampaignViewModel(
            background, fxThread, Clock.systemUTC(), preferences.folderOfFile().resolve("keys"));
    credentials =
        new CredentialsViewModel(new Dismissals(preferences.folderOfFile(), Clock.systemUTC()));
    survey.stateProperty().addListener((_, _, now) -> surveyed(now));
    page.addListener((_, _, now) -> {
      if (!(now instanceof Page.Loading)) {
        history.went(now);
      }
    });
    history.went(page.get());
    theme.set(preferences.theme().orElse(Theme.LIGHT));
    library.revisionProperty().addListener((_, _, _) -> followProof());
  }

  /// The archives.
  public LibraryViewModel library() {
    return library;
  }

  /// What is shown.
  public ReadOnlyObjectProperty<Page> pageProperty() {
    return page.getReadOnlyProperty();
  }

  /// Light, dark or of high contrast.
  public ObjectProperty<Theme> themeProperty() {
    return theme;
  }

  /// How times are written.
  public ObjectProperty<TimeText> timesProperty() {
    return times;
  }

  /// What the status line says.
  public ReadOnlyStringProperty statusProperty() {
    return status.getReadOnlyProperty();
  }

  /// Files opened last.
  public List<Path> recent() {
    return preferences.recent();
  }

  /// The next theme; remembered.
  public void toggleTheme() {
    chooseTheme(theme.get().next());
  }

  /// A theme that somebody chose; it is remembered.
  void chooseTheme(Theme chosen) {
    theme.set(chosen);
    preferences.setTheme(chosen);
    say("Theme: " + chosen.title());
  }

  /// The theme that the system asks for, unless somebody chose one.
  void followSystem(Theme asked) {
    if (preferences.theme().isEmpty()) {
      theme.set(asked);
    }
  }

  /// UTC or this machine's zone.
  public void toggleZone() {
    times.set(times.get().isUtc() ? new TimeText(ZoneId.systemDefault()) : TimeText.UTC);
  }

  /// Says something in the status line.
  public void say(String text) {
    status.set(text);
  }

  /// To the place before, or the one after it.
  public void goBack(boolean forward) {
    history
        .step(forward)
        .ifPresent(place -> {
          pausePlaying();
          if (place instanceof Page.Replay) {
            replayPage = place;
          }
          page.set(place);
        });
  }

  // ---- what the archives say together ----

  /// How far the survey of the open archives is.
  public SurveyViewModel survey() {
    return survey;
  }

  /// The package of evidence that is being written; none most of the time.
  ObjectProperty<Optional<EvidenceExport.Packing>> packing() {
    return packing;
  }

  /// Packs what is shown as evidence.
  EvidenceExport export() {
    return new EvidenceExport(this, background, fxThread);
  }

  /// The question that was asked last.
  public SearchViewModel search() {
    return search;
  }

  /// Asks for statements like the one at the playhead: same verb, same tables.
  public void askForLikeThis() {
    replay()
        .map(replay -> replay.shownProperty().get())
        .ifPresent(shown -> {
          if (shown instanceof ReplayViewModel.Shown.OfStatement(var detail, _)) {
            java.util.List<String> tables = new java.util.ArrayList<>(detail.decision().reads());
            tables.addAll(detail.decision().writes());
            String question =
                (detail.decision().verb().isEmpty() ? "" : "verb:" + detail.decision().verb())
                    + (tables.isEmpty() ? "" : " table:" + String.join(",", tables));
            ask(question.strip());
          }
        });
  }

  /// To the question that was asked last.
  public void showSearch() {
    pausePlaying();
    page.set(new Page.Search());
  }

  /// Asks a question of all open archives.
  public void ask(String query) {
    search.ask(query, times.get().zone(), archives());
    showSearch();
  }

  private List<EvidenceArchive> archives() {
    return library.entries().stream().flatMap(entry -> entry.archive().stream()).toList();
  }

  /// The review that is open.
  public CampaignViewModel campaign() {
    return campaign;
  }

  /// To the review that is open, or to a word that none is.
  public void showReviews() {
    pausePlaying();
    page.set(new Page.Reviews());
  }

  /// Makes a review of all open archives and opens it; the one of today goes on.
  public void prepareReview() {
    String day = times.get().date(Instant.now());
    campaign.prepare(
        "Agent access " + day,
        archives(),
        library.trusted(),
        preferences.folderOfFile().resolve("reviews").resolve("agent-access-" + day + ".pgreview"));
    showReviews();
  }

  /// Replays what a citation names.
  public void replayCitation(String citation) {
    java.util.regex.Matcher parts = GoTo.CITATION_PARTS.matcher(citation);
    if (!parts.matches()) {
      say("This is no citation: " + citation);
      return;
    }
    library.entries().stream()
        .filter(entry ->
            entry
                .card()
                .filter(card -> card.id().replace("-", "").equals(parts.group(1)))
                .isPresent())
        .findFirst()
        .ifPresentOrElse(
            entry ->
                replayArchive(
                    entry, OptionalLong.of(Long.parseLong(parts.group(2))), Long.MAX_VALUE),
            () -> say("The archive %s is not open.".formatted(parts.group(1))));
  }

  /// The rows of Credentials.
  public CredentialsViewModel credentials() {
    return credentials;
  }

  /// The tree of Lineage.
  public LineageViewModel lineage() {
    return lineage;
  }

  /// To credentials and findings.
  public void showCredentials() {
    look();
    page.set(new Page.Credentials());
  }

  /// To the tree of who acted for whom.
  public void showLineage() {
    look();
    page.set(new Page.Lineage());
  }

  /// To the place of a credential in that tree.
  ///
  /// @param key as the survey has it
  public void showLineage(String key) {
    lineageWanted = key;
    showLineage();
    followLineage();
  }

  /// To the place in that tree of the credential of the session that is shown.
  public void showLineageOfSession() {
    replay()
        .flatMap(replay -> replay.session().credential())
        .ifPresentOrElse(
            credential ->
                showLineage(
                    credential.tokenSha256().isEmpty()
                        ? entry()
                                .flatMap(LibraryEntry::card)
                                .map(card -> card.id().replace("-", ""))
                                .orElse("")
                            + "#"
                            + credential.number()
                        : credential.tokenSha256()),
            () -> say("No credential is recorded for this session."));
  }

  private void look() {
    pausePlaying();
    survey.show(archives());
  }

  /// The survey of a large archive takes its time, so it is there when somebody asks for lineage.
  private void surveyAhead(LibraryEntry entry) {
    if (entry.card().filter(card -> card.frames() >= SURVEYED_AHEAD_FRAMES).isPresent()) {
      survey.prepare(archives());
    }
  }

  /// The index of a large archive that is being made.
  Indexing indexing() {
    return indexing;
  }

  private void surveyed(SurveyViewModel.State now) {
    if (now instanceof SurveyViewModel.State.Ready(Survey read)) {
      credentials.show(read);
      lineage.show(read);
      followLineage();
    }
  }

  private void followLineage() {
    String wanted = lineageWanted;
    if (wanted.isEmpty()) {
      return;
    }
    lineage
        .survey()
        .flatMap(read ->
            read.credentials().stream().filter(each -> each.key().startsWith(wanted)).findFirst())
        .ifPresent(use -> {
          lineageWanted = "";
          lineage.goTo(use.key());
        });
  }

  /// Replays a statement that a finding rests on.
  public void replayStatement(StatementRef statement) {
    library.entries().stream()
        .filter(entry ->
            entry.card().filter(card -> card.path().equals(statement.archive())).isPresent())
        .findFirst()
        .ifPresentOrElse(
            entry -> replayArchive(entry, OptionalLong.of(statement.frame()), Long.MAX_VALUE),
            () -> say("The archive %s is not open.".formatted(statement.archive().getFileName())));
  }

  // ---- places ----

  /// To the library.
  public void showLibrary() {
    pausePlaying();
    page.set(new Page.Library());
  }

  /// To the session that is open, or to a word that none is.
  public void showReplay() {
    page.set(replayPage);
  }

  /// To what is wrong with an archive.
  public void explain(LibraryEntry entry) {
    pausePlaying();
    page.set(new Page.Integrity(entry));
  }

  /// Whether nothing is being opened, checked or loaded.
  public boolean isSettled() {
    return !(page.get() instanceof Page.Loading)
        && !(survey.stateProperty().get() instanceof SurveyViewModel.State.Reading)
        && indexing.runningProperty().get().isEmpty()
        && replay().filter(each -> each.reading().runningProperty().get()).isEmpty()
        && !campaign.isBusy()
        && !(search.stateProperty().get() instanceof SearchViewModel.State.Searching)
        && library.entries().stream()
            .noneMatch(entry ->
                entry.stateProperty().get() instanceof LibraryEntry.State.Opening
                    || entry.checkProperty().get() instanceof LibraryEntry.Check.Running);
  }

  /// Whether the place that is shown has what it shows; an archive may still be verified or
  /// indexed, and more rows of a large session may come.
  public boolean isShown() {
    return !(page.get() instanceof Page.Loading)
        && !library.entries().isEmpty()
        && library.entries().stream()
            .noneMatch(entry -> entry.stateProperty().get() instanceof LibraryEntry.State.Opening);
  }

  /// The replay that is shown.
  public Optional<ReplayViewModel> replay() {
    return page.get() instanceof Page.Replay(_, ReplayViewModel replay)
        ? Optional.of(replay)
        : Optional.empty();
  }

  /// The archive that is shown or open.
  public Optional<LibraryEntry> entry() {
    return switch (page.get()) {
      case Page.Integrity(LibraryEntry entry) -> Optional.of(entry);
      case Page.Loading(LibraryEntry entry, _) -> Optional.of(entry);
      case Page.Replay(LibraryEntry entry, _) -> Optional.of(entry);
      case Page.Library() -> Optional.empty();
      case Page.NoReplay(_), Page.Search(), Page.Lineage(), Page.Credentials(), Page.Reviews() ->
          Optional.empty();
    };
  }

  private void pausePlaying() {
    replay().ifPresent(ReplayViewModel::pause);
  }

  /// Something that reads an archive.
  ///
  /// @param <T> what it reads
  @FunctionalInterface
  public interface Reading<T> {
    /// @throws IOException if it cannot
    T read() throws IOException;
  }

  /// Reads in the background and shows what was read; what went wrong is said.
  public <T> void read(Reading<T> reading, java.util.function.Consumer<T> show) {
    background.execute(() -> {
      try {
        T read = reading.read();
        fxThread.execute(() -> show.accept(read));
      } catch (IOException | RuntimeException e) {
        fxThread.execute(() -> say("cannot be read: " + e.getMessage()));
      }
    });
  }

  // ---- opening ----

  /// Adds files and folders to the library; a single file is replayed.
  ///
  /// @param at frame to go to
  public void open(List<Path> paths, OptionalLong at) {
    Optional<Path> review =
        paths.stream().filter(each -> each.toString().endsWith(".pgreview")).findFirst();
    if (review.isPresent()) {
      campaign.open(review.get());
      showReviews();
      List<Path> others = paths.stream().filter(each -> !each.equals(review.get())).toList();
      library.add(others);
      return;
    }
    List<LibraryEntry> entries = library.add(paths);
    paths.forEach(path -> preferences.opened(path.toAbsolutePath().normalize()));
    if (entries.isEmpty()) {
      say("Nothing to open.");
      return;
    }
    library.selectedProperty().set(Optional.of(entries.getFirst()));
    if (entries.size() == 1) {
      whenOpened(entries.getFirst(), () -> openAtOnce(entries.getFirst(), at));
    } else {
      showLibrary();
    }
  }

  private void whenOpened(LibraryEntry entry, Runnable then) {
    if (!(entry.stateProperty().get() instanceof LibraryEntry.State.Opening)) {
      then.run();
      return;
    }
    page.set(new Page.Loading(entry, "Opening " + entry.name()));
    long ask = asked.incrementAndGet();
    entry
        .stateProperty()
        .addListener((_, _, _) -> {
          if (ask == asked.get()) {
            then.run();
          }
        });
  }

  private void openAtOnce(LibraryEntry entry, OptionalLong at) {
    if (entry.stateProperty().get() instanceof LibraryEntry.State.Failed(String message)) {
      say(entry.name() + ": " + message);
      showLibrary();
    } else if (entry.integrity().filter(UNREADABLE::contains).isPresent()) {
      explain(entry);
    } else {
      replayArchive(entry, at, Long.MAX_VALUE);
    }
  }

  /// Replays an archive; one whose state has to be understood first is explained.
  public void openEntry(LibraryEntry entry) {
    whenOpened(
        entry,
        () -> {
          if (entry.integrity().filter(EXPLAINED::contains).isPresent()) {
            explain(entry);
          } else {
            openAtOnce(entry, OptionalLong.empty());
          }
        });
  }

  /// Replays the session of an archive in which most was stopped, or the one of a frame.
  ///
  /// @param framesMax only frames up to this one are shown
  public void replayArchive(LibraryEntry entry, OptionalLong at, long framesMax) {
    EvidenceArchive archive = entry.archive().orElse(null);
    if (archive == null) {
      return;
    }
    if (at.isEmpty()) {
      Optional<SessionCard> first =
          archive.sessions().stream().max(Comparator.comparingLong(Workbench::weight));
      if (first.isEmpty()) {
        replayPage = new Page.NoReplay(entry.name() + " has no session that can be read.");
        showReplay();
      } else {
        openSession(entry, first.get().number(), framesMax, at);
      }
      return;
    }
    long ask = asked.incrementAndGet();
    background.execute(() -> {
      OptionalLong session;
      try {
        session = archive.sessionOfFrame(at.getAsLong());
      } catch (IOException | RuntimeException e) {
        session = OptionalLong.empty();
      }
      OptionalLong found = session;
      fxThread.execute(() -> {
        if (ask != asked.get()) {
          return;
        }
        if (found.isPresent() && isShown(entry, found.getAsLong())) {
          showReplay();
          replay().ifPresent(replay -> replay.goToFrame(at.getAsLong()));
        } else if (found.isPresent()) {
          openSession(entry, found.getAsLong(), framesMax, at);
        } else {
          say("%s has no frame %s.".formatted(entry.name(), Words.number(at.getAsLong())));
          if (replay().isEmpty()) {
            replayArchive(entry, OptionalLong.empty(), framesMax);
          }
        }
      });
    });
  }

  private boolean isShown(LibraryEntry entry, long session) {
    return replayPage instanceof Page.Replay(LibraryEntry open, ReplayViewModel replay)
        && open == entry
        && replay.session().number() == session;
  }

  private static long weight(SessionCard session) {
    return session.decisions().killed() * 1_000_000_000L
        + session.decisions().blocked() * 10_000_000L
        + session.decisions().held() * 100_000L
        + session.decisions().masked() * 1_000L
        + Math.min(999, session.statements());
  }

  /// Replays one session.
  ///
  /// @param framesMax only frames up to this one are shown
  /// @param at frame to go to
  public void openSession(LibraryEntry entry, long number, long framesMax, OptionalLong at) {
    Optional<EvidenceArchive> archive = entry.archive();
    if (archive.isEmpty()) {
      return;
    }
    pausePlaying();
    long ask = asked.incrementAndGet();
    Page.Loading loading = new Page.Loading(entry, "Reading session " + Words.number(number));
    page.set(loading);
    background.execute(() -> {
      Page read;
      try {
        boolean part = framesMax != Long.MAX_VALUE;
        SessionReplay all =
            part ? archive.get().replay(number) : archive.get().replayAtOnce(number);
        all.read((_, _) -> all.size() == 0 && ask == asked.get()); // the first rows
        SessionReplay replay = part ? SessionReplay.upToFrame(all, framesMax) : all;
        read = null;
        fxThread.execute(() -> showSession(entry, replay, at, ask));
      } catch (IOException | RuntimeException e) {
        read = new Page.NoReplay("Session %d cannot be read: %s".formatted(number, e.getMessage()));
      }
      Page failed = read;
      if (failed != null) {
        fxThread.execute(() -> {
          if (ask == asked.get()) {
            replayPage = failed;
            showReplay();
          }
        });
      }
    });
  }

  /// Stops what the page of [Page.Loading] waits for.
  public void stopReading() {
    if (page.get() instanceof Page.Loading(LibraryEntry entry, _)) {
      asked.incrementAndGet();
      say("Stopped reading %s. Open it again to go on.".formatted(entry.name()));
      showLibrary();
    }
  }

  private void showSession(LibraryEntry entry, SessionReplay session, OptionalLong at, long ask) {
    if (ask != asked.get()) {
      return;
    }
    ReplayViewModel replay =
        new ReplayViewModel(session, proved(entry), background, fxThread, ticker);
    at.ifPresent(replay::goToFrame);
    replayPage = new Page.Replay(entry, replay);
    showReplay();
    replay
        .reading()
        .start(() ->
            entry
                .archive()
                .ifPresent(read -> indexing.start(entry, read, () -> surveyAhead(entry))));
  }

  /// Frames up to this one are proved; all while nothing else is known.
  private static long proved(LibraryEntry entry) {
    return entry.report().map(IntegrityReport::provedFrames).orElse(Long.MAX_VALUE);
  }

  private void followProof() {
    if (replayPage instanceof Page.Replay(LibraryEntry entry, ReplayViewModel replay)) {
      replay.provedFramesProperty().set(proved(entry));
    }
  }

  // ---- going somewhere ----

  /// Goes where somebody typed; what is no place is a question.
  ///
  /// @return what is wrong with it; empty if it went there
  public String goTo(String typed) {
    if (typed.isBlank()) {
      return "";
    }
    if (!(replayPage instanceof Page.Replay(LibraryEntry entry, ReplayViewModel replay))) {
      if (!(GoTo.of(typed, Instant.EPOCH, times.get()) instanceof GoTo.Unclear)) {
        return "Open a session first.";
      }
      ask(typed.strip());
      return "";
    }
    return switch (GoTo.of(typed, replay.session().started(), times.get())) {
      case GoTo.Unclear _ -> {
        ask(typed.strip());
        yield "";
      }
      case GoTo.Statement(long number) ->
          replay.goToStatement(number)
              ? shown()
              : "This session has no statement %s%s."
                  .formatted(Words.number(number), asFarAsRead(replay));
      case GoTo.Time(var at) ->
          replay.goToTime(at) ? shown() : "This session begins later than that.";
      case GoTo.Frame(long number) -> {
        replayArchive(entry, OptionalLong.of(number), Long.MAX_VALUE);
        yield "";
      }
    };
  }

  private String shown() {
    showReplay();
    return "";
  }

  /// To the next statement with one of these decisions, or the one before; says so if there is
  /// none.
  public void stepTo(Set<DecisionKind> kinds, boolean forward) {
    replay()
        .filter(replay -> !replay.stepTo(kinds, forward))
        .ifPresent(_ ->
            say(
                "No %s statement %s in this session%s."
                    .formatted(
                        kinds.size() == 1
                            ? kinds.iterator().next().word().toLowerCase(java.util.Locale.ROOT)
                            : "masked, held, blocked or killed",
                        forward ? "follows" : "before",
                        replay().map(Workbench::asFarAsRead).orElse(""))));
  }

  /// What must be said with every "no" while rows are missing.
  private static String asFarAsRead(ReplayViewModel replay) {
    return replay.reading().isWhole()
        ? ""
        : ", as far as it is read (%d %%)"
            .formatted((int) (replay.reading().shareProperty().get() * 100));
  }
}
