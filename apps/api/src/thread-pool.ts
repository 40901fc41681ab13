// The first import of the server: libuv reads this once, when its pool is first used. With the default of 4 threads a
// handful of password hashes keep every file operation waiting (SECURITY: fact 12).
// eslint-disable-next-line no-restricted-properties -- set for libuv, not read as configuration
process.env['UV_THREADPOOL_SIZE'] ??= '16';
