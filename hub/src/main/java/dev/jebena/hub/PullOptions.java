package dev.jebena.hub;

import org.jspecify.annotations.Nullable;

/// How to fetch a model.
///
/// @param acceptLicense the user has read and accepts the model's licence
/// @param insecure plain HTTP is allowed for a registry
/// @param token sent to the hub instead of `HF_TOKEN`; null for that
public record PullOptions(boolean acceptLicense, boolean insecure, @Nullable String token) {
    public static PullOptions defaults() {
        return new PullOptions(false, false, null);
    }

    public PullOptions withAcceptLicense(boolean accept) {
        return new PullOptions(accept, insecure, token);
    }

    public PullOptions withInsecure(boolean allowed) {
        return new PullOptions(acceptLicense, allowed, token);
    }

    public PullOptions withToken(@Nullable String value) {
        return new PullOptions(acceptLicense, insecure, value);
    }
}
