package dev.jebena.repositories;

import dev.jebena.base.SqlDatabase;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Addresses and short tokens that carry their own right: what they allow, until when, and a
/// signature over both. All servers of one database share the key.
final class Signatures {
    private final SecretKeySpec key;
    private final Clock clock;

    Signatures(SqlDatabase data, Clock clock) {
        byte[] fresh = new byte[32];
        new SecureRandom().nextBytes(fresh);
        String secret =
                data.write(sql -> {
                    sql.update(
                            "INSERT INTO setting (name, value) VALUES ('signing-key', ?)"
                                    + " ON CONFLICT (name) DO NOTHING",
                            HexFormat.of().formatHex(fresh));
                    return sql.first(
                                    "SELECT value FROM setting WHERE name = 'signing-key'",
                                    row -> row.text(1))
                            .orElseThrow();
                });
        this.key = new SecretKeySpec(HexFormat.of().parseHex(secret), "HmacSHA256");
        this.clock = clock;
    }

    /// `EXPIRY-SIGNATURE` for a right that ends after so many seconds.
    String sign(String right, long seconds) {
        long expiry = clock.millis() / 1000 + seconds;
        return expiry + "-" + signature(right, expiry);
    }

    /// Throws status 403 unless `signed` is what [#sign] gave for this right, and has not expired.
    void check(String right, String signed) {
        int dash = signed.indexOf('-');
        if (!signed.matches("[0-9]{1,12}-[0-9a-f]{64}")) {
            throw HubError.forbidden("The address carries no valid signature");
        }
        long expiry = Long.parseLong(signed.substring(0, dash));
        byte[] expected = signature(right, expiry).getBytes(StandardCharsets.US_ASCII);
        byte[] sent = signed.substring(dash + 1).getBytes(StandardCharsets.US_ASCII);
        if (!MessageDigest.isEqual(expected, sent)) {
            throw HubError.forbidden("The address carries no valid signature");
        }
        if (expiry < clock.millis() / 1000) {
            throw HubError.forbidden("The address has expired; ask for a new one");
        }
    }

    private String signature(String right, long expiry) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            byte[] digest = mac.doFinal((expiry + "\n" + right).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every Java platform has HmacSHA256", e);
        }
    }
}
