package dev.nestor.proxy.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.nestor.proxy.config.GatewayConfig.ClaimNames;
import dev.nestor.proxy.config.GatewayConfig.TrustedIssuer;
import dev.nestor.proxy.credential.ExchangeRefusedException.OauthError;
import dev.nestor.proxy.credential.HeldCredential.State;
import dev.nestor.proxy.identity.RefusalReason;
import dev.nestor.proxy.identity.RefusedException;
import dev.nestor.proxy.identity.TokenVerifier;
import dev.nestor.proxy.store.StateStore;
import dev.nestor.testservers.DemoIssuer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a child gets, what it does not get, and when it is over.
class CredentialsTest {
  private static final DelegationLimits LIMITS = new DelegationLimits(2, 3, Duration.ofMinutes(30));
  private static final DemoIssuer.Identity AGENT =
      new DemoIssuer.Identity("agent", "agent", List.of("dba"), "orders.read carts.write");

  @TempDir Path folder;
  private final SteppedClock clock = new SteppedClock(Instant.now());
  private final List<String> heard = new ArrayList<>();
  private DemoIssuer issuer;
  private StateStore store;
  private Credentials credentials;

  @BeforeEach
  void start() throws Exception {
    issuer = DemoIssuer.start();
    open();
  }

  private void open() throws Exception {
    store = StateStore.open(folder.resolve("state.db"));
    TrustedIssuer trusted =
        new TrustedIssuer(
            issuer.url(),
            "nestor",
            List.of("ES256"),
            List.of("at+jwt"),
            Optional.empty(),
            false,
            new ClaimNames("preferred_username", "groups", "scope", "nestor_kind"));
    credentials =
        Credentials.start(store, new TokenVerifier(List.of(trusted), clock), LIMITS, clock);
    credentials.listen(
        new CredentialListener() {
          @Override
          public void issued(HeldCredential child) {
            heard.add("issued " + child.qualifiedName());
          }

          @Override
          public void refused(Optional<HeldCredential> parent, String code) {
            heard.add("refused " + code);
          }

          @Override
          public Sessions ended(End end) {
            heard.add(
                end.cause()
                    + " "
                    + end.credentials().stream()
                        .map(HeldCredential::qualifiedName)
                        .sorted()
                        .toList());
            return Sessions.NONE;
          }

          @Override
          public void usedAfterEnd(HeldCredential credential, State state) {
            heard.add("used after " + state.word());
          }
        });
  }

  private void restart() throws Exception {
    credentials.close();
    store.close();
    open();
  }

  @AfterEach
  void stop() throws Exception {
    credentials.close();
    store.close();
    issuer.close();
  }

  private String root(Duration life) {
    return issuer.token(AGENT, clock.instant(), clock.instant().plus(life), Map.of());
  }

  private static ExchangeRequest request(String subject, String... more)
      throws ExchangeRefusedException {
    Map<String, List<String>> form = new HashMap<>();
    form.put("grant_type", List.of(ExchangeRequest.GRANT));
    form.put("subject_token", List.of(subject));
    form.put("subject_token_type", List.of(ExchangeRequest.ACCESS_TOKEN));
    for (int i = 0; i < more.length; i += 2) {
      form.put(more[i], List.of(more[i + 1]));
    }
    return ExchangeRequest.parse(form);
  }

  private Credentials.Issued exchange(String subject, String... more) throws Exception {
    return credentials.exchange(request(subject, more));
  }

  private ExchangeRefusedException refused(String subject, String... more) {
    return catchThrowableOfType(ExchangeRefusedException.class, () -> exchange(subject, more));
  }

  private State state(String token) throws Exception {
    return switch (credentials.present(token)) {
      case Presented.Live _ -> State.LIVE;
      case Presented.Over(HeldCredential credential, RefusalReason _) ->
          credential.state(clock.instant());
    };
  }

  @Test
  void aChildHasLessAndItsParentageIsInTheRecord() throws Exception {
    String root = root(Duration.ofHours(1));

    Credentials.Issued child =
        exchange(root, "scope", "orders.read", "lifetime", "60", "name", "nightly-job");

    HeldCredential held = child.credential();
    assertThat(held.token().scopes()).containsExactly("orders.read");
    assertThat(held.token().groups()).isEmpty();
    assertThat(held.token().kind()).isEqualTo("agent");
    assertThat(held.token().kindBasis()).isEqualTo("issued by this gateway");
    assertThat(held.token().expiresAt()).isEqualTo(clock.instant().plusSeconds(60));
    assertThat(held.qualifiedName()).isEqualTo("agent/nightly-job");
    assertThat(held.depth()).isEqualTo(1);
    assertThat(held.root().token().subject()).isEqualTo("user-agent");
    assertThat(credentials.present(child.text())).isEqualTo(new Presented.Live(held));
    JWTClaimsSet claims = SignedJWT.parse(child.text()).getJWTClaimsSet();
    assertThat(claims.getSubject()).isEqualTo("user-agent");
    assertThat(claims.getClaim("act")).asString().contains("user-agent/nightly-job");
  }

  @Test
  void withoutWishesAChildGetsTheScopeOfItsParentAndTheLongestLife() throws Exception {
    HeldCredential child = exchange(root(Duration.ofHours(1))).credential();
    HeldCredential shorter = exchange(root(Duration.ofMinutes(10))).credential();

    assertThat(child.token().scopes()).containsExactlyInAnyOrder("orders.read", "carts.write");
    assertThat(child.token().expiresAt()).isEqualTo(clock.instant().plus(LIMITS.lifeMax()));
    assertThat(shorter.token().expiresAt()).isBeforeOrEqualTo(shorter.root().token().expiresAt());
  }

  @Test
  void noParameterIsBelieved() throws Exception {
    String root = root(Duration.ofMinutes(10));

    Map<List<String>, String> refusals =
        Map.of(
            List.of("scope", "orders.read admin"), "invalid_scope scope-widened",
            List.of("scope", "orders.read  x"), "invalid_scope scope-malformed",
            List.of("scope", "a\"b"), "invalid_scope scope-malformed",
            List.of("lifetime", "601"), "invalid_request life-longer",
            List.of("lifetime", "0"), "invalid_request malformed",
            List.of("lifetime", "-5"), "invalid_request malformed",
            List.of("lifetime", "1h"), "invalid_request malformed",
            List.of("name", "a/b"), "invalid_request malformed",
            List.of("audience", "elsewhere"), "invalid_target wrong-audience",
            List.of("resource", "https://x.example"), "invalid_target target");
    for (Map.Entry<List<String>, String> each : refusals.entrySet()) {
      ExchangeRefusedException e = refused(root, each.getKey().get(0), each.getKey().get(1));
      assertThat(e.error().word() + " " + e.code())
          .as("%s", each.getKey())
          .isEqualTo(each.getValue());
    }
    for (String name : List.of("grant_type", "subject_token", "subject_token_type")) {
      assertThat(refused(root, name, "").error()).as(name).isEqualTo(OauthError.INVALID_REQUEST);
    }
    assertThat(refused(root, "grant_type", "password").error())
        .isEqualTo(OauthError.UNSUPPORTED_GRANT_TYPE);
    for (String name : List.of("subject_token_type", "requested_token_type", "actor_token")) {
      assertThat(refused(root, name, "urn:ietf:params:oauth:token-type:saml2").error())
          .as(name)
          .isEqualTo(OauthError.INVALID_REQUEST);
    }
    assertThat(credentials.all()).hasSize(1);
  }

  @Test
  void aLifeOverTheLimitIsRefusedThoughTheParentWouldLast() {
    assertThat(refused(root(Duration.ofHours(2)), "lifetime", "3600").code())
        .isEqualTo("life-over-limit");
  }

  @Test
  void depthAndFanOutEnd() throws Exception {
    String root = root(Duration.ofHours(1));
    String first = exchange(root).text();
    String second = exchange(first).text();

    assertThat(refused(second).code()).isEqualTo("too-deep");
    exchange(root);
    HeldCredential third = exchange(root).credential();
    assertThat(refused(root).code()).isEqualTo("too-many");
    credentials.revoke(third, Optional.empty(), "");
    assertThat(exchange(root).credential().depth()).isEqualTo(1);
  }

  @Test
  void manyAtOnceAreNotMoreThanAllowed() throws Exception {
    String root = root(Duration.ofHours(1));
    CountDownLatch go = new CountDownLatch(1);
    List<Future<Boolean>> attempts = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 12; i++) {
        attempts.add(
            threads.submit(() -> {
              go.await();
              try {
                exchange(root);
                return true;
              } catch (ExchangeRefusedException e) {
                return false;
              }
            }));
      }
      go.countDown();
    }
    int issued = 0;
    for (Future<Boolean> each : attempts) {
      issued += each.get() ? 1 : 0;
    }
    assertThat(issued).isEqualTo(LIMITS.fanOutMax());
  }

  @Test
  void revokingTakesDescendantsAndNothingElseAndLastsOverARestart() throws Exception {
    String root = root(Duration.ofHours(1));
    Credentials.Issued child = exchange(root, "name", "child");
    Credentials.Issued grandchild = exchange(child.text(), "name", "grandchild");
    Credentials.Issued sibling = exchange(root, "name", "sibling");

    Credentials.Revoked revoked =
        credentials.revoke(child.credential(), Optional.empty(), "offboarded");

    assertThat(revoked.credentials()).isEqualTo(2);
    assertThat(heard).contains("REVOKED [agent/child, agent/child/grandchild]");
    for (int run = 0; run < 2; run++) {
      assertThat(state(root)).isEqualTo(State.LIVE);
      assertThat(state(sibling.text())).isEqualTo(State.LIVE);
      assertThat(state(child.text())).isEqualTo(State.REVOKED);
      assertThat(state(grandchild.text())).isEqualTo(State.PARENT_ENDED);
      assertThat(refused(child.text()).code()).isEqualTo("revoked");
      assertThat(refused(grandchild.text()).code()).isEqualTo("parent-ended");
      restart();
    }
  }

  @Test
  void aRevokedTokenOfTheProviderIsRefusedAfterARestartThoughItIsStillSigned() throws Exception {
    String root = root(Duration.ofHours(1));
    Presented.Live live = (Presented.Live) credentials.present(root);
    credentials.revoke(live.credential(), Optional.empty(), "");

    restart();

    assertThat(state(root)).isEqualTo(State.REVOKED);
    assertThat(heard).contains("used after revoked");
  }

  @Test
  void aLockOfOneCredentialLeavesItsChildren() throws Exception {
    String root = root(Duration.ofHours(1));
    Credentials.Issued child = exchange(root, "name", "child");

    credentials.lock(child.credential().root(), "roles.kill", false);
    credentials.keep(child.credential().root()); // as the gateway does off the event loop

    assertThat(state(root)).isEqualTo(State.REVOKED);
    assertThat(state(child.text())).isEqualTo(State.LIVE);
    restart();
    assertThat(state(child.text())).isEqualTo(State.LIVE);
    assertThat(state(root)).isEqualTo(State.REVOKED);
  }

  @Test
  void childrenExpireAndAreSaidToHave() throws Exception {
    Credentials.Issued child =
        exchange(root(Duration.ofHours(1)), "lifetime", "60", "name", "child");

    clock.step(Duration.ofSeconds(61));

    assertThat(child.credential().state(clock.instant())).isEqualTo(State.EXPIRED);
    for (int i = 0; i < 500 && heard.stream().noneMatch(each -> each.startsWith("EXPIRED")); i++) {
      Thread.sleep(10);
    }
    assertThat(heard).contains("EXPIRED [agent/child]");
  }

  @Test
  void foreignTokensAndForgedOnesGetNothing() throws Exception {
    String root = root(Duration.ofHours(1));
    Credentials.Issued child = exchange(root);
    try (DemoIssuer foreign = DemoIssuer.start()) {
      assertThat(refused(foreign.token(AGENT, Duration.ofHours(1))).code())
          .isEqualTo("foreign-issuer");
      // signed by another key, in the name of this gateway
      String forged =
          foreign.sign(
              new JOSEObjectType("at+jwt"), SignedJWT.parse(child.text()).getJWTClaimsSet());
      assertThat(refused(forged).code()).isEqualTo("unknown-key");
    }
    String wrongAudience =
        issuer.token(
            AGENT, clock.instant(), clock.instant().plusSeconds(60), Map.of("aud", "elsewhere"));
    assertThat(refused(wrongAudience).code()).isEqualTo("wrong-audience");
    String expired =
        issuer.token(
            AGENT, clock.instant().minusSeconds(60), clock.instant().minusSeconds(1), Map.of());
    assertThat(refused(expired).code()).isEqualTo("expired-token");
    assertThat(refused("no token").code()).isEqualTo("malformed-token");
    assertThat(refused("x".repeat(20_000)).code()).isEqualTo("token-too-long");
  }

  @Test
  void everyAlteredTokenOfAChildIsRefused() throws Exception {
    String token = exchange(root(Duration.ofHours(1))).text();

    for (int at = 0; at < token.length(); at++) {
      char other = token.charAt(at) == 'A' ? 'B' : 'A';
      if (token.charAt(at) == '.' || at == token.length() - 1) {
        continue; // the last digit of base64 has bits that say nothing
      }
      String altered = token.substring(0, at) + other + token.substring(at + 1);
      assertThat(catchThrowableOfType(RefusedException.class, () -> credentials.present(altered)))
          .as("character %d", at)
          .isNotNull();
    }
  }

  @Test
  void aChildThatTheRecordDoesNotKnowIsRefusedThoughOurKeySignedIt() throws Exception {
    ChildTokens ours = ChildTokens.of(store);
    Presented.Live root = (Presented.Live) credentials.present(root(Duration.ofHours(1)));
    String unrecorded =
        ours.sign(root.credential(), "ghost", Set.of(), clock.instant(), Duration.ofMinutes(1))
            .text();

    RefusedException e =
        catchThrowableOfType(RefusedException.class, () -> credentials.present(unrecorded));

    assertThat(e.reason()).isEqualTo(RefusalReason.NOT_ISSUED);
  }

  @Test
  void whatAnIssuerDeclaresIsKeptApart() throws Exception {
    String token =
        issuer.token(
            AGENT,
            clock.instant(),
            clock.instant().plusSeconds(600),
            Map.of(
                "act",
                Map.of("sub", "scheduler", "act", Map.of("sub", "orchestrator", "iss", "x"))));

    HeldCredential held = ((Presented.Live) credentials.present(token)).credential();

    assertThat(held.token().declaredActors())
        .extracting(actor -> actor.subject())
        .containsExactly("scheduler", "orchestrator");
    assertThat(held.chain()).hasSize(1);
    for (Object bad :
        List.of("text", Map.of("act", Map.of("sub", "x")), Map.of("sub", 7), List.of())) {
      String malformed =
          issuer.token(
              AGENT, clock.instant(), clock.instant().plusSeconds(600), Map.of("act", bad));
      assertThat(refused(malformed).code()).as("%s", bad).isEqualTo("malformed-claim");
    }
  }

  @Test
  void nothingThatIsKeptOrSaidHoldsAToken() throws Exception {
    String root = root(Duration.ofHours(1));
    Credentials.Issued child = exchange(root, "name", "child");
    credentials.revoke(child.credential(), Optional.empty(), "");
    String refusal = String.valueOf(refused(child.text()).getMessage());
    credentials.close();
    store.close();

    String kept =
        java.nio.file.Files.readString(
            folder.resolve("state.db"), java.nio.charset.StandardCharsets.ISO_8859_1);
    for (String token : List.of(root, child.text())) {
      String signature = token.substring(token.lastIndexOf('.') + 1);
      assertThat(kept).doesNotContain(signature);
      assertThat(refusal + heard + child + request(token)).doesNotContain(signature);
    }
    open();
  }

  @Test
  void aTokenOfAnIssuerCanNotLiveOnItsOwnExpiryAsASubject() throws Exception {
    String root =
        issuer.token(
            AGENT,
            clock.instant(),
            Date.from(clock.instant().plusSeconds(30)).toInstant(),
            Map.of());
    exchange(root);
    clock.step(Duration.ofSeconds(31));

    assertThat(refused(root).code()).isEqualTo("expired-token");
  }
}
