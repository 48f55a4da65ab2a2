# Magpie for programs (`magpie serve`). Models, indexes and conversations are kept in the volume /data.
# PyTorch comes with CUDA unless PIP_EXTRA_INDEX_URL names an index that has its build for processors:
# docs/scale.md.
FROM python:3.11-slim AS built
ARG PIP_EXTRA_INDEX_URL=""
WORKDIR /source
COPY pyproject.toml constraints.txt README.md LICENSE app.py ./
COPY assistant assistant
COPY retrieval retrieval
COPY prompts prompts
COPY demo demo
RUN python -m venv /opt/magpie \
    && /opt/magpie/bin/pip install --no-cache-dir '.[postgresql]' -c constraints.txt

FROM python:3.11-slim
RUN useradd --uid 10001 --create-home magpie && install --directory --owner magpie /data
COPY --from=built /opt/magpie /opt/magpie
ENV PATH=/opt/magpie/bin:$PATH MAGPIE_HOME=/data PYTHONUNBUFFERED=1
VOLUME /data
USER 10001
EXPOSE 7960
HEALTHCHECK --interval=30s --start-period=30s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://localhost:7960/health', timeout=5)"]
ENTRYPOINT ["magpie"]
CMD ["serve", "--host", "0.0.0.0", "--allow-host", "localhost"]
