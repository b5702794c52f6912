-- Purpose: where the writer of the benchmark writes until the server is gone.
CREATE TABLE public.written (n bigint PRIMARY KEY, at timestamptz NOT NULL, filler text NOT NULL)
