package dev.jebena.buckets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

class S3AddressTest {
    @Test
    void partsAreRead() {
        assertThat(S3Address.parse("s3://b")).isEqualTo(new S3Address("b", "", null, null));
        assertThat(
                        S3Address.parse(
                                "s3://my-bucket/a/b/?region=eu-central-1&endpoint=http://127.0.0.1:9000"))
                .isEqualTo(
                        new S3Address(
                                "my-bucket",
                                "a/b/",
                                URI.create("http://127.0.0.1:9000"),
                                "eu-central-1"));
    }

    @Test
    void otherAddressesAreRefused() {
        for (String wrong :
                List.of("", "b", "http://b", "s3:", "s3://", "s3://b?x=1", "s3://b c")) {
            assertThatThrownBy(() -> S3Address.parse(wrong))
                    .as(wrong)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("s3://BUCKET/PREFIX");
        }
    }
}
