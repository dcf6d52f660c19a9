internal import CCrypto

/// SHA-256 (FIPS 180-4) of bytes that arrive piece by piece, by OpenSSL's libcrypto.
package struct SHA256: ~Copyable {
    private let context: OpaquePointer

    package init() {
        guard let context = EVP_MD_CTX_new() else { fatalError("libcrypto has no memory for a digest") }
        self.context = context
        check(EVP_DigestInit_ex(context, EVP_sha256(), nil), "EVP_DigestInit_ex")
    }

    deinit {
        EVP_MD_CTX_free(context)
    }

    /// Takes the next bytes.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        check(EVP_DigestUpdate(context, bytes.baseAddress, bytes.count), "EVP_DigestUpdate")
    }

    /// Takes the next bytes.
    package mutating func update(_ text: String) {
        var text = text
        text.withUTF8 { update(UnsafeRawBufferPointer($0)) }
    }

    /// The digest in lower-case hexadecimal, as `sha256sum` prints it.
    package consuming func finalize() -> String {
        let digits = Array("0123456789abcdef".utf8)
        var digest = [UInt8](repeating: 0, count: 32)
        check(EVP_DigestFinal_ex(context, &digest, nil), "EVP_DigestFinal_ex")
        return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// The digest of bytes that are all there.
    package static func hash(_ bytes: UnsafeRawBufferPointer) -> String {
        var hash = SHA256()
        hash.update(bytes)
        return hash.finalize()
    }
}

/// Ends the process where libcrypto fails at what has no reason to fail: a wrong digest would accuse sound files.
private func check(_ status: Int32, _ function: String) {
    if status != 1 { fatalError("libcrypto failed: \(function)") }
}
