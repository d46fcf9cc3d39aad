# The app, with the demo catalogue until there is another. A catalogue of your own:
#   docker build -t mpsr .
#   docker run --rm -v mpsr:/stores -v /path/to/catalogue:/catalogue:ro mpsr mpsr build /catalogue
#   docker run -p 8501:8501 -v mpsr:/stores mpsr
FROM python:3.11-slim

WORKDIR /app
COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements.lock

COPY . .
RUN pip install --no-cache-dir --no-deps -e .

RUN useradd --uid 1000 --create-home mpsr && mkdir /stores && chown mpsr /stores
USER mpsr
ENV MPSR_STORES=/stores MPSR_BOARDS_URL=sqlite:////stores/boards.db
VOLUME /stores
EXPOSE 8501

# The first start builds the demo's store, which takes a minute or two.
HEALTHCHECK --interval=30s --timeout=5s --start-period=300s \
  CMD python -c "import urllib.request as u; u.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4)"

CMD ["mpsr", "app", "--address", "0.0.0.0", "--port", "8501"]
