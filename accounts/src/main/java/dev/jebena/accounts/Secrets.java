package dev.jebena.accounts;

import dev.jebena.base.ContentId;
import java.security.SecureRandom;
import java.util.Base64;

/// Secrets that are long and random: of them only the SHA-256 is kept, and nothing slower is
/// needed.
final class Secrets {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int LONGEST = 200;

    private Secrets() {}

    /// 256 bits.
    static String create(String prefix) {
        byte[] bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return prefix + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static String digest(String secret) {
        return secret.length() > LONGEST ? "" : ContentId.of(secret).hex();
    }
}
