package dev.jebena.accounts;

import dev.jebena.base.HttpJson;
import dev.jebena.base.SqlRow;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Somebody who may come in.
///
/// @param admin whether every permission is theirs
/// @param disabled whether they may not come in for now
/// @param email as another system's login told it; empty for none
public record User(long id, String username, boolean admin, boolean disabled, String email) {
    static final String COLUMNS =
            "account.id, account.username, account.admin, account.disabled, account.email";

    static User of(SqlRow row) {
        return new User(row.number(1), row.text(2), row.flag(3), row.flag(4), row.text(5));
    }

    public Map<String, @Nullable Object> json() {
        return HttpJson.object(
                "id", id,
                "username", username,
                "is_admin", admin,
                "disabled", disabled,
                "email", email);
    }
}
