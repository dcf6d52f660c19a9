/// The checksummed structures of an HDF5 file, so that a test can damage what lies under a checksum and repair that.
///
/// "HDF5 File Format Specification" 3.0: since superblock version 2 each of them ends with Jenkins' lookup3 of all before.
struct Metadata {
    /// One structure: from its signature to its checksum.
    struct Structure {
        let signature: String
        let start: Int
        /// Where the checksum lies, 4 bytes, little endian.
        let checksum: Int
    }

    let structures: [Structure]

    /// Finds the structures of a sound file: where a signature is followed, at any length, by the right checksum.
    init(of bytes: [UInt8]) {
        let signatures = ["\u{89}HDF", "OHDR", "OCHK", "BTHD", "BTLF", "BTIN", "FRHP", "FSHD", "FSSE"]
        structures = bytes.indices.flatMap { start in
            signatures.compactMap { signature -> Structure? in
                let expected = signature.unicodeScalars.map { UInt8($0.value) }
                guard bytes[start...].starts(with: expected) else { return nil }
                let limit = min(bytes.count - 4, start + 4096)
                let end = (start + 8..<max(limit, start + 8)).first {
                    Self.word(bytes, at: $0) == lookup3(bytes[start..<$0])
                }
                return end.map { Structure(signature: signature, start: start, checksum: $0) }
            }
        }
    }

    /// Makes every checksum right again.
    func repair(_ bytes: inout [UInt8]) {
        for structure in structures {
            let sum = lookup3(bytes[structure.start..<structure.checksum])
            for place in 0..<4 { bytes[structure.checksum + place] = UInt8(truncatingIfNeeded: sum >> (8 * place)) }
        }
    }

    private static func word(_ bytes: [UInt8], at place: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(bytes[place + $1]) << (8 * $1) }
    }
}

/// Jenkins' hash lookup3, hashlittle with an initial value of 0 (`H5_checksum_lookup3`).
func lookup3(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    func rotated(_ value: UInt32, _ count: UInt32) -> UInt32 { value << count | value >> (32 - count) }
    let initial = 0xdead_beef &+ UInt32(truncatingIfNeeded: bytes.count)
    var (a, b, c) = (initial, initial, initial)
    var place = bytes.startIndex
    func word(_ offset: Int) -> UInt32 {
        (0..<4).reduce(0) { sum, byte in
            let at = place + offset + byte
            return at < bytes.endIndex ? sum | UInt32(bytes[at]) << (8 * byte) : sum
        }
    }
    while bytes.endIndex - place > 12 {
        a = a &+ word(0)
        b = b &+ word(4)
        c = c &+ word(8)
        a = (a &- c) ^ rotated(c, 4)
        c = c &+ b
        b = (b &- a) ^ rotated(a, 6)
        a = a &+ c
        c = (c &- b) ^ rotated(b, 8)
        b = b &+ a
        a = (a &- c) ^ rotated(c, 16)
        c = c &+ b
        b = (b &- a) ^ rotated(a, 19)
        a = a &+ c
        c = (c &- b) ^ rotated(b, 4)
        b = b &+ a
        place += 12
    }
    guard place < bytes.endIndex else { return c }
    a = a &+ word(0)
    b = b &+ word(4)
    c = c &+ word(8)
    c = (c ^ b) &- rotated(b, 14)
    a = (a ^ c) &- rotated(c, 11)
    b = (b ^ a) &- rotated(a, 25)
    c = (c ^ b) &- rotated(b, 16)
    a = (a ^ c) &- rotated(c, 4)
    b = (b ^ a) &- rotated(a, 14)
    c = (c ^ b) &- rotated(b, 24)
    return c
}
