package dev.jebena.accounts;

import com.password4j.Argon2Function;
import com.password4j.Password;
import com.password4j.types.Argon2;
import dev.jebena.base.Problem;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// Passwords as argon2id hashes (19 MiB, two passes: OWASP's choice). A password that was right
/// once is known again without the work, by a keyed digest that never leaves this process.
final class Passwords {
    private static final Argon2Function ARGON =
            Argon2Function.getInstance(19_456, 2, 1, 32, Argon2.ID);
    private static final int SHORTEST = 12;
    private static final int LONGEST = 1000;
    private static final int REMEMBERED = 10_000;

    private final SecretKeySpec key;
    private final Map<String, byte[]> right = new ConcurrentHashMap<>();

    Passwords() {
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        key = new SecretKeySpec(secret, "HmacSHA256");
    }

    static void check(String password) {
        if (password.length() < SHORTEST || password.length() > LONGEST) {
            throw Problem.badRequest(
                    "Password must have " + SHORTEST + " to " + LONGEST + " characters");
        }
    }

    static String hash(String password) {
        return Password.hash(password).addRandomSalt(16).with(ARGON).getResult();
    }

    /// @param hash null for an account without a password
    boolean matches(String password, @Nullable String hash) {
        if (hash == null || password.length() > LONGEST) {
            return false;
        }
        byte[] digest = digest(password);
        byte[] known = right.get(hash);
        if (known != null && MessageDigest.isEqual(known, digest)) {
            return true;
        }
        boolean matches =
                Password.check(password, hash).with(Argon2Function.getInstanceFromHash(hash));
        if (matches) {
            if (right.size() >= REMEMBERED) {
                right.clear();
            }
            right.put(hash, digest);
        }
        return matches;
    }

    private byte[] digest(String password) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac.doFinal(password.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every Java platform has HmacSHA256", e);
        }
    }
}
