internal import CHDF5

/// The bytes of a file in memory, which libhdf5 reads where they lie.
///
/// By itself it would copy them, to the access properties and from there to the file. Here it asks for that memory
/// (`H5Pset_file_image_callbacks`), and is given the bytes themselves each time. Every property list and open file holds the
/// image; with the last one it goes.
final class FileImage {
    // An array's elements stay where they are for as long as somebody holds the array and nobody changes it.
    private let bytes: [UInt8]
    /// libhdf5 takes them without `const`, and only reads them.
    let start: UnsafeMutableRawPointer?

    var count: Int { bytes.count }

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        start = bytes.withUnsafeBytes { UnsafeMutableRawPointer(mutating: $0.baseAddress) }
    }

    /// What libhdf5 calls in the place of `malloc`, `memcpy` and `free`. It never makes a file larger that is opened for
    /// reading alone.
    var callbacks: H5FD_file_image_callbacks_t {
        H5FD_file_image_callbacks_t(
            image_malloc: { size, operation, image in
                guard let image = FileImage.at(image), size <= image.takeUnretainedValue().count else { return nil }
                // A file holds what it was given until it is closed; its properties hold the image itself.
                if operation == H5FD_FILE_IMAGE_OP_FILE_OPEN { _ = image.retain() }
                return image.takeUnretainedValue().start
            },
            image_memcpy: { target, source, _, _, _ in
                target == UnsafeMutableRawPointer(mutating: source) ? target : nil
            },
            image_realloc: { _, _, _, _ in nil },
            image_free: { _, operation, image in
                if operation == H5FD_FILE_IMAGE_OP_FILE_CLOSE { FileImage.at(image)?.release() }
                return 0
            },
            udata_copy: { image in FileImage.at(image)?.retain().toOpaque() },
            udata_free: { image in
                FileImage.at(image)?.release()
                return 0
            },
            udata: Unmanaged.passUnretained(self).toOpaque())
    }

    private static func at(_ pointer: UnsafeMutableRawPointer?) -> Unmanaged<FileImage>? {
        pointer.map { .fromOpaque($0) }
    }
}
