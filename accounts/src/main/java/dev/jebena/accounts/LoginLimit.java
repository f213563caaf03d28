package dev.jebena.accounts;

import dev.jebena.base.Problem;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;

/// Wrong passwords in a row make the next try wait, so that none is found by trying.
final class LoginLimit {
    private static final int FREE = 10;
    private static final long FIRST_WAIT_MILLIS = 1_000;
    private static final long LONGEST_WAIT_MILLIS = 60_000;
    private static final int MOST_NAMES = 10_000;

    private record Failures(int count, long last) {}

    private final Clock clock;
    private final Map<String, Failures> failures = new LinkedHashMap<>();

    LoginLimit(Clock clock) {
        this.clock = clock;
    }

    synchronized void check(String username) {
        Failures known = failures.get(username);
        if (known == null || known.count() < FREE) {
            return;
        }
        long wait =
                Math.min(
                        LONGEST_WAIT_MILLIS,
                        FIRST_WAIT_MILLIS << Math.min(6, known.count() - FREE));
        if (clock.millis() < known.last() + wait) {
            throw new Problem(
                    Problem.Code.TOO_MANY_REQUESTS,
                    "too many wrong passwords for %s; wait %d s"
                            .formatted(username, Math.ceilDiv(wait, 1000)));
        }
    }

    synchronized void count(String username, boolean right) {
        if (right) {
            failures.remove(username);
            return;
        }
        int before = failures.containsKey(username) ? failures.get(username).count() : 0;
        failures.remove(username);
        failures.put(username, new Failures(before + 1, clock.millis()));
        if (failures.size() > MOST_NAMES) {
            failures.remove(failures.keySet().iterator().next());
        }
    }
}
